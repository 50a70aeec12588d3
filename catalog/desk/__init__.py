"""The curation desk: what curators see, and how they find songs there. Services write."""
