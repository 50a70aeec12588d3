"""Tables and playlists as rows of songs, and songs as such files; nothing here knows the database.

A file's way in: `text` opens it safely, `formats` says what it is, one reader (`delimited`,
`research`, `jspf`, `xspf`, `m3u`, `own`) yields `Item`s, `values` makes each a checked `Row`.
"""
