"""Turn scores and takes of the data packs into the music that ships with the project."""
