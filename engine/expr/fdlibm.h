// What castor::fdlibm has: the functions of java.lang.StrictMath, to the last bit. Stateless.
#pragma once

extern "C" {
double fdlibm_acos(double x);
double fdlibm_asin(double x);
double fdlibm_atan(double x);
double fdlibm_atan2(double y, double x);
double fdlibm_cosh(double x);
double fdlibm_sinh(double x);
double fdlibm_tanh(double x);
}
