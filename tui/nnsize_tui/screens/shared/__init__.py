"""Components that several screens hold: steering, sorting, zoom, auto-follow."""
