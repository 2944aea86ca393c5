"""How well actors and software are told, measured on campaigns and reports whose author is known."""
