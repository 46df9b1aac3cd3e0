// java.lang.Math as Flink's runtime calls it, of OpenJDK 17 on x86-64. Stateless.
//
// ASIN, ACOS, ATAN, ATAN2, SINH, COSH and TANH are fdlibm's there and here: equal to the last bit.
// The others are code of the virtual machine, right but for one row in hundreds or thousands, and
// there one unit in the last place off. Computed here are, in a million rows measured against it:
//   JavaLog, JavaLog10  the nearest double; up to 5 rows differ
//   JavaPow             the C library's; 1,000 differ, none with an exponent of 2 or 0.5
//   JavaExp             the C library's; 2,500 differ
//   JavaSin, JavaCos    a longer double, rounded; 1,300 differ
//   JavaTan             the same; 3,500 differ
// java_math_test.cpp holds these figures to a record of Java's results.
#pragma once

namespace castor::expr {

double JavaAcos(double x);
double JavaAsin(double x);
double JavaAtan(double x);
double JavaAtan2(double y, double x);
double JavaCosh(double x);
double JavaSinh(double x);
double JavaTanh(double x);

double JavaLog(double x);
double JavaLog10(double x);
double JavaExp(double x);
double JavaPow(double base, double exponent);
double JavaSin(double x);
double JavaCos(double x);
double JavaTan(double x);

}  // namespace castor::expr
