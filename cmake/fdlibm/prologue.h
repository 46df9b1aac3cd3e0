/* Stands before every file of newlib's libm when it is compiled beside another C library: says what
   the machine is, and gives its functions names of their own. */
#include <math.h>
#include <sys/types.h>

#define __IEEE_LITTLE_ENDIAN
#define __OBSOLETE_MATH 1 /* newlib's word for fdlibm */
#define __OBSOLETE_MATH_DOUBLE 1

#define __ieee754_acos fdlibm_acos
#define __ieee754_asin fdlibm_asin
#define __ieee754_atan2 fdlibm_atan2
#define __ieee754_cosh fdlibm_cosh
#define __ieee754_exp fdlibm_exp
#define __ieee754_sinh fdlibm_sinh
#define __ieee754_sqrt sqrt
#define atan fdlibm_atan
#define expm1 fdlibm_expm1
#define tanh fdlibm_tanh

double atan(double);
double expm1(double);
double tanh(double);
