"""A listener's library: playlists, favourites, what was played most, and the history."""
