"""What a desk remembers: journal, sealed records, look-up tables; the desk's only place that knows SQL."""
