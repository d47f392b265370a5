"""Between a desk and the central service: the wire's messages, and the desk's loop."""
