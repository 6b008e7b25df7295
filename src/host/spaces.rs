//! Spaces of networks, from which searches draw.
