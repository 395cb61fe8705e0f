"""A large data set, and what the portal's pages cost on it: `docs/performance.md` says how to read the figures."""
