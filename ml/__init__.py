"""Machine learning of MoodMusic: runs without Django, from the shell or inside a worker."""
