"""The program without windows: no Qt in this package or below it."""

VERSION = "0.1.0"
