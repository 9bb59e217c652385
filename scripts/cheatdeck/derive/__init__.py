"""What plain sections say -> cards, where nobody has marked any."""
