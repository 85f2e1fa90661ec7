"""What the tests share: databases, the cast, a browser."""
