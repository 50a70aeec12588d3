"""Commands of the expression reader: `python -m ml.emotion --help` lists them."""

from __future__ import annotations

import os
import sys

# Before TensorFlow loads: its start-up chatter would bury the figures printed here.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

from ml.emotion.cli import main

sys.exit(main())
