"""Groups of similar frames, made of a library's films so that a person can name them."""
