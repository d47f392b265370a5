"""What scanners send: framing bytes, telling scans from typing, and saying what a code can mean."""
