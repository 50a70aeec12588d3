"""Small made-up files of each format."""

from __future__ import annotations

from pathlib import Path

from catalog.tables.formats import table_open
from catalog.tables.rows import Row
from catalog.tables.values import Rules, row_make

MOODS = frozenset({"happy", "energetic", "calm", "romantic", "sad", "dark", "angry"})
FIRST, SECOND = "0aB1cD2eF3gH4iJ5kL6mN7", "7aB1cD2eF3gH4iJ5kL6mN0"
SPOTIFY = (
    "track_id,track_name,track_artist,track_album_name,track_album_release_date,playlist_genre,"
    "danceability,energy,key,loudness,mode,speechiness,acousticness,instrumentalness,liveness,"
    "valence,tempo,duration_ms\n"
    f'{FIRST},"Low, Lower",Ada,First Light,2019-06-14,pop,0.7,0.9,6,-2.6,1,0.05,0.1,0,0.06,0.5,'
    "122.0,194754\n"
    f"{SECOND},Ebb,Grace,Tides,1998,rock,0.1,0.2,11,-20,0,0.03,0.9,0.8,0.1,0.1,0,60000\n"
    f"{FIRST},Low Again,Ada,First Light,2019,dance,0.7,0.9,6,-2.6,1,0.05,0.1,0,0.06,0.5,1,1000\n"
)
MOODED = (
    "name,artist,id,length,danceability,mood\n"
    f"Ebb,Grace,{SECOND},60000,0.1,Calm\nRise,Lin,{'x' * 22},9,0.5,Happy\n"
)
JAMENDO = (
    "TRACK_ID\tARTIST_ID\tALBUM_ID\tPATH\tDURATION\tTAGS\n"
    "track_0000948\tartist_000087\talbum_000149\t48/948.mp3\t212.7\tmood/theme---relaxing"
    "\tmood/theme---film\tmood/theme---calm\n"
    "track_0000950\tartist_000087\talbum_000149\t50/950.mp3\t248.0\tmood/theme---film\n"
)
ECHONEST = '{"track_id":{"0":2,"1":3},"energy":{"0":0.5,"1":0.25},"valence":{"0":0.1,"1":7}}'
FMA = (
    "track_id,duration,genre_top,language_code,license,title\n"
    "2,168,Hip-Hop,en,Attribution-NonCommercial-ShareAlike 3.0 International,Food\n"
    "3,237,Rock,,Attribution-Noncommercial-No Derivative Works 3.0 United States,Électrique\n"
)
JSPF = (
    '{"playlist": {"title": "x", "track": [{"title": "Ebb", "creator": "Grace", "album": "Tides",'
    '"duration": 60000, "trackNum": 3, "identifier": '
    '["https://musicbrainz.org/recording/8f3471b5-7e6a-48da-86a9-c1c07a0f47ae"]},'
    '{"title": "Rise", "identifier": "isrc:GBAYE0601498"}, 7]}}'
)
XSPF = (
    '<?xml version="1.0"?><playlist version="1" xmlns="http://xspf.org/ns/0/"><title>Mine</title>'
    "<trackList><track><title>Ebb &amp; flow</title><creator>Grace</creator>"
    "<duration>60000</duration><identifier>spotify:track:" + FIRST + "</identifier></track>"
    "<track><title>Rise</title></track></trackList></playlist>"
)
M3U = (
    "#EXTM3U\n#EXTINF:60,Grace - Ebb\n#EXTALB:Tides\nmusic/ebb.mp3\n"
    "#EXTINF:-1,Rise\nhttps://example.org/rise.ogg?x=1\n/music/03 - Lin - Fall.flac\n"
)


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def rows_of(path: Path, **options: str) -> list[Row]:
    """The rows of a file that can be read."""
    table = table_open(path, **options)
    rules = Rules(table.origin, moods=MOODS, detail=path.name, own=table.own, named=table.named)
    made = [row_make(item, rules) for item in table.items]
    return [row for row in made if row is not None]
