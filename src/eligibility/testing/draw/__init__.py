"""How the strategies draw what they draw."""
