"""How dates are written and read; named in the setting FORMAT_MODULE_PATH."""
