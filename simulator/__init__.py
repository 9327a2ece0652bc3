"""The outside world on a laptop: a strict WeCom server with a phone page, an SMS gateway, a synthetic bank."""
