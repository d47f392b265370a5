"""Bytes out: papers as PDF and labels as pictures, pure functions of what they are handed."""
