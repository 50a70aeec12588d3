"""Sound of MoodMusic: the demo catalogue's own music, and the analyser of every song.

``catalogue`` lists the demo pieces, ``compose`` writes one as a score, ``synth`` turns the score
into samples, ``encode`` into an MP3 file; ``analyse`` measures demo and imported songs alike, and
``features_file`` reads what it measured of the demo pieces. ``measures`` is all that is known of an
imported file: what ``reading`` reads of it, ``analyse`` measures, ``estimates`` brings to the
scales of tables, and ``fingerprint``; ``measurer`` does it in a process of its own.

This package imports nothing by itself, so a web process may list the catalogue without paying for
(or carrying) numpy, scipy, librosa or soundfile.
"""
