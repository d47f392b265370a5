"""Each paper is a pure function: its input of `inputs` and a speaker in, the bytes of a PDF or PNG out."""
