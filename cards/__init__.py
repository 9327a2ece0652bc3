"""A domain value in, a WeCom template card or text out."""
