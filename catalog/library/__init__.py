"""Reading folders of music: finding files, their tags and covers. Runs without Django."""
