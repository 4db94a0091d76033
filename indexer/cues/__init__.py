"""Words said in a film, as others wrote them down: files beside it and text tracks in it, read to cues."""
