"""`script/server`: the whole portal on one machine, started and stopped as one."""
