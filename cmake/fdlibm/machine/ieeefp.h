/* newlib's description of the machine; prologue.h says it. */
