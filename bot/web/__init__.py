"""The pages: signed in through WeCom, rendered on the server, watermarked, under a strict content policy."""
