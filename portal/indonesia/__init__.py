"""What is Indonesian about the work: identity numbers, names, telephones, calendars, words."""
