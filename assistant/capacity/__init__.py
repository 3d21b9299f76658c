"""How large a machine must be: `constants` were measured or published, `formulae` use them, `sizing` computes.

What is shown as the formula is what is computed: formulae are texts, and sizing evaluates them.
"""
