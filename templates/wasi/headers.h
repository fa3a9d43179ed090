/* Included before every file of an engine in C: the C library is that of WASI, and the engine is built as for any other host of
   WebAssembly. What it leaves out for WASI alone are its checks of the stack, without which a deep script breaks the instance. */
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fenv.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#undef __wasi__
