#include "format/parquet/parquet_format.h"

// What worker/plugin_format.h looks for.
extern "C" void castor_register_format(castor::format::FormatRegistry* registry) {
  castor::format::parquet::RegisterParquet(registry);
}
