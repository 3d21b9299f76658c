"""parse → chunk → embed → index → switch: resumable, each step skips what is done."""
