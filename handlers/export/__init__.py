"""导出: a list as a file, for who may, with others' word where it is long, made outside and fetched from a page."""
