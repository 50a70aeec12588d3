# The four verbs: run, test, lint, bench. Each does its own set-up and repeats it only when the
# requirement files change. Needs Python 3.11 and make, nothing else.

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check
TEST_PROCESSES ?= 2
# One process of their own, as in the product: Numba (in librosa) once crashed in a process that
# had loaded TensorFlow, while a second one filled Numba's cache.
SOUND_TESTS := tests/ml/audio
# One after another: each starts the whole product or a browser, and two would measure each other.
ALONE := stack or browser

.PHONY: run test lint bench screenshots messages evaluate research-data setup setup-dev pins help
.DEFAULT_GOAL := help

help:
	@echo "make run    prepare and serve MoodMusic on http://127.0.0.1:8000 (MOODMUSIC_PORT changes it)"
	@echo "make test   run the tests        make lint   check style, types and imports"
	@echo "make screenshots   pictures of every page in build/screenshots (README=1: the README's two)"
	@echo "make bench  measure              make pins   compile requirements*.in into pins"
	@echo "make messages   bring the translations' catalogue in step with the texts (needs gettext)"
	@echo "make evaluate   figures of network and recommender, and their books (needs the data sets)"

run: setup
	@exec $(PY) manage.py serve

test: setup-dev
	@$(PY) -m pytest $(SOUND_TESTS)
	@$(PY) -m pytest -n $(TEST_PROCESSES) --ignore=$(SOUND_TESTS) -m "not ($(ALONE))"
	@$(PY) -m pytest -m "$(ALONE)"

lint: setup-dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy .
	$(VENV)/bin/lint-imports
	@home=$$(mktemp -d) && trap 'rm -rf "$$home"' EXIT && \
	  MOODMUSIC_DATA_DIR="$$home" $(PY) manage.py makemigrations --check --dry-run --skip-checks

# Texts of code and templates into locale/*/LC_MESSAGES/django.po, and those into the .mo files that
# Python reads. Both are committed, so that only whoever changes texts needs gettext.
messages: setup-dev
	@command -v xgettext >/dev/null 2>&1 || \
	  { echo "make messages needs GNU gettext. On Debian and Ubuntu: apt install gettext" >&2; exit 1; }
	@home=$$(mktemp -d) && trap 'rm -rf "$$home"' EXIT && export MOODMUSIC_DATA_DIR="$$home" && \
	  $(PY) manage.py makemessages && \
	  $(PY) manage.py compilemessages --locale hi --ignore .venv --ignore .data

bench: setup-dev
	@$(PY) -m benchmarks

screenshots: setup-dev
	@$(PY) -m tests.e2e.screenshots $(if $(README),--readme)

# Figures of the committed network and its model card, then of the recommender. Baselines, which take long, are read from
# ml/emotion/weights/baselines.json: `python -m ml.emotion baselines` makes them anew.
DATA := $(or $(MOODMUSIC_DATA),../shared/data)

evaluate: research-data setup
	@$(PY) -m ml.emotion card --data "$(DATA)/fer2013/fer2013.csv.bz2" \
	  --ferplus "$(DATA)/fer2013/fer2013new.csv" --faces "$(DATA)/faces/faces64.npz"
	@$(PY) -m ml.recommend card --data "$(DATA)"

HETREC := music/lastfm_hetrec
RESEARCH_FILES := fer2013/fer2013.csv.bz2 fer2013/fer2013new.csv faces/faces64.npz \
  $(HETREC)/user_artists.dat.gz $(HETREC)/user_taggedartists.dat.gz $(HETREC)/tags.dat \
  music/situnes/music_metadata/music_info.csv music/data_moods/data_moods.csv

research-data:
	@for file in $(RESEARCH_FILES); do \
	  if [ ! -f "$(DATA)/$$file" ]; then \
	    echo "make evaluate needs $(DATA)/$$file, which is not part of this repository: FER2013, FER+," \
	      "aligned faces of another domain, HetRec 2011 Last.fm, SiTunes and songs labelled with" \
	      "moods. MOODMUSIC_DATA names their folder." >&2; \
	    exit 2; fi; done

# --- Set-up ---------------------------------------------------------------------------------------
# A copy of what was installed lies in the environment: equal content means nothing to do, whatever
# the files' times say. Where flock exists, a second make waits for the first one's set-up.

define locked
if command -v flock >/dev/null 2>&1; then exec 9>.venv.lock; flock 9; fi
endef

# $(call install,requirements file,words)
define install
if ! cmp -s $(1) $(VENV)/$(1); then \
  echo $(2); \
  $(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip --upgrade >/dev/null; \
  $(PIP) install -r $(1) && cp $(1) $(VENV)/$(1) || exit 1; \
fi
endef

setup:
	@$(locked); $(MAKE) -s --no-print-directory $(PY) && \
	$(call install,requirements.txt,"Installing what MoodMusic needs (about 1 GB$(comma) a few minutes$(comma) once) ...")

setup-dev: setup
	@$(locked); $(call install,requirements-dev.txt,"Installing what tests and lint need ...")

comma := ,

$(PY):
	@for python in python3.11 python3 python; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1; then \
	    found=$$python; break; fi; done; \
	if [ -z "$$found" ]; then \
	  echo "MoodMusic needs Python 3.11, and neither python3.11 nor python3 is one." >&2; exit 1; fi; \
	echo "Creating $(VENV) with $$($$found --version) ..."; \
	$$found -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "Could not create $(VENV). On Debian and Ubuntu: apt install python3.11-venv" >&2; exit 1; }

pins: setup-dev
	@command -v uv >/dev/null 2>&1 || $(PIP) install --quiet uv
	@uv=$$(command -v uv || echo $(VENV)/bin/uv); \
	$$uv pip compile --quiet --python-version 3.11 requirements.in -o requirements.txt && \
	$$uv pip compile --quiet --python-version 3.11 requirements-dev.in -o requirements-dev.txt && \
	$$uv pip compile --quiet --python-version 3.11 requirements-gpu.in -o requirements-gpu.txt
