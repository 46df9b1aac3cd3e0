// Carries what alert rules have to tell to their webhooks, on a thread of its own, which waits for
// no longer than a few seconds for each.
//
// What was recorded is told at least once: a server that dies between the answer and its record
// tells it again. What is told of one alert comes in its order; what nobody takes is tried again
// after a second, two, up to a minute, for a day.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "platform/metadata/store.h"
#include "platform/metadata/vault.h"

namespace castor::platform {

class AlertCourier {
 public:
  // Both outlive it.
  AlertCourier(Store* store, const Vault* vault);
  ~AlertCourier();
  AlertCourier(const AlertCourier&) = delete;
  AlertCourier& operator=(const AlertCourier&) = delete;

 private:
  void Work();
  bool IsStopping();
  // Whether there was something to carry.
  Result<bool> CarryNext();
  Status Carry(const AlertDeliveryRecord& delivery, const AlertRuleRecord& rule);
  Result<std::string> Unseal(const std::string& in, const std::string& name);

  Store* const store_;
  const Vault* const vault_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace castor::platform
