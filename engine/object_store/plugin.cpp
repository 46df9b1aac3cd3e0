#include "object_store/s3_file_system.h"

// What worker/plugin_file_system.h looks for.
extern "C" void castor_open_file_system(
    const castor::Configuration& configuration,
    castor::Result<std::unique_ptr<castor::io::FileSystem>>* opened) {
  const auto settings = castor::object_store::ReadS3Settings(configuration);
  if (settings.ok()) {
    *opened = castor::object_store::OpenS3(*settings);
  } else {
    *opened = settings.status();
  }
}

extern "C" void castor_stop_file_system() { castor::object_store::StopS3(); }
