"""Artist names and titles of the demo catalogue: invented, pronounceable, never repeated."""

from __future__ import annotations

from ml.audio.dice import dice


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Names are built from invented syllables so that none of them belongs to a real artist.
_HEADS = _words(
    "Bram Calla Dorr Elva Fenn Garra Hollo Isken Jorv Kessa Lorrin Marro Nevv Ostra Pelli "
    "Quor Rusk Silvi Tarn Ulver Vesk Wend Yarro Zelm Ambro Brisk Corv Dwin Eskel Farro Gild "
    "Harth Ilmar Kald Lumm Mirr Norr Orrel Pend Rill Sorr Thess Umbra Vant Wick Yev Arbel "
    "Cind"
)
_TAILS = _words("wick mere low den ova aine ell ander ique ory ash une ett holm adine isk ara ine")
_GIVEN = _words(
    "Adra Belo Cyrin Dovi Elun Fiora Gethin Havel Ilse Jorun Keto Lior Maren Nadir Oriel "
    "Pavli Quill Runa Sabel Tovi Ursen Velda Wyn Xanth Ysolde Zorin"
)
_GROUPS: dict[str, tuple[str, ...]] = {
    "happy": ("Parade", "Lemonade Club", "Kites", "Picnic", "Whistlers", "Confetti", "Swing Set"),
    "energetic": ("Circuit", "Velocity", "Pulse Unit", "Engine", "Voltage", "Sprint", "Arcade"),
    "calm": ("Tide", "Garden", "Stillness", "Lakeside", "Meadow", "Harbour", "Feather Trio"),
    "romantic": ("Serenade", "Quartet", "Rose Room", "Candlelight", "Ensemble", "Valentine Five"),
    "sad": ("Rainfall", "Letters", "November", "Empty Chairs", "Quiet Hour", "Grey Harbour"),
    "dark": ("Cathedral", "Undertow", "Eclipse", "Catacomb", "Black Orchard", "Nocturne Cult"),
    "angry": ("Furnace", "Riot Machine", "Wrecking Choir", "Ironworks", "Teeth", "Gravel Nine"),
}
_TITLE_WORDS: dict[str, tuple[str, str]] = {
    "happy": (
        "Sunny Bright Golden Jolly Skipping Lemon Dancing Cheerful Yellow Breezy Dizzy Bouncing "
        "Laughing Paper Sugar Merry",
        "Morning Bicycle Saturday Balloon Pocket Parade Window Holiday Pancake Pavement Ribbon "
        "Sunflower Kitchen Weekend Orange Postcard Puddle Trampoline",
    ),
    "energetic": (
        "Electric Neon Rushing Turbo Rising Flashing Burning Racing Infinite Solar Kinetic "
        "Rocket Vivid Blazing Hyper Magnetic",
        "Skyline Signal Motor Highway Heartbeat Launch Horizon Stadium Current Reactor Midnight "
        "Runway Generator Momentum Laser Sprint Overdrive Pulse",
    ),
    "calm": (
        "Still Drifting Soft Quiet Gentle Floating Slow Morning Silver Open Resting Misty Clear "
        "Hushed Mossy Weightless",
        "Water Cloud Garden Shoreline Lantern Breath Meadow Pebble Valley Afternoon Feather Pond "
        "Horizon Orchard Snow Harbour Dune Fern",
    ),
    "romantic": (
        "Tender Velvet Crimson Moonlit Candle Whispered Warm Slow Dearest Secret Honeyed Evening "
        "Amber Rosy Beloved Lingering",
        "Waltz Letter Balcony Embrace Serenade Promise Rose Perfume Evening Kiss Terrace Summer "
        "Violin Dance Starlight Garden Promenade Confession",
    ),
    "sad": (
        "Empty Fading Grey Lonely Broken Distant Forgotten Last Pale Falling Autumn Wilted Cold "
        "Missing Hollow Unsent",
        "Station Letter Rain House Photograph Winter Chair Goodbye Shore Window Street Lullaby "
        "Ashes Harbour December Leaves Telephone Corridor",
    ),
    "dark": (
        "Black Buried Sunken Haunted Obsidian Hidden Crooked Veiled Iron Nameless Blind Frozen "
        "Shadowed Moonless Ruined Silent",
        "Cathedral Forest Ritual Well Cellar Raven Eclipse Tower Labyrinth Procession Tomb Mirror "
        "Descent Abyss Omen Passage Crypt Swamp",
    ),
    "angry": (
        "Shattered Raging Molten Savage Broken Bitter Howling Violent Rusted Scorched Feral Riot "
        "Grinding Jagged Burning Venom",
        "Fist Hammer Wall Engine Blade Verdict Furnace Chains Uprising Siren Wreckage Teeth Storm "
        "Bullhorn Collision Ember War Machete",
    ),
}


def _word(head: str, tail: str) -> str:
    """Join two syllables without letting two vowels meet."""
    return head.rstrip("aeio") + tail if tail[0] in "aeiou" else head + tail


def artist_names(mood: str, count: int) -> list[str]:
    """Return ``count`` different invented artist names for one mood."""
    roll = dice("artists", mood)
    names: list[str] = []
    while len(names) < count:
        word = _word(roll.choice(_HEADS), roll.choice(_TAILS))
        group = roll.choice(_GROUPS[mood])
        style = roll.random()
        if style < 0.4:
            name = f"{word} {group}"
        elif style < 0.75:
            name = f"{roll.choice(_GIVEN)} {word}"
        else:
            name = f"{roll.choice(_GIVEN)} & the {group}"
        if name not in names:
            names.append(name)
    return names


def titles(mood: str, count: int) -> list[str]:
    """Return ``count`` different titles for one mood (280 or so pairs exist)."""
    roll = dice("titles", mood)
    firsts, seconds = (words.split() for words in _TITLE_WORDS[mood])
    pairs = [f"{a} {b}" for a in firsts for b in seconds if a != b]
    roll.shuffle(pairs)
    return pairs[:count]
