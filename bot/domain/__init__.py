"""Values that the rooms share: no database, no network, no clock."""
