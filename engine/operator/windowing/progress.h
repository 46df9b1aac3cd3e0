// How far time has come for a window operator: what it remembers beside keyed state, so that which
// rows are late does not depend on a restart. As bytes of a snapshot.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/status.h"

namespace castor::windowing {

std::string SaveProgress(TimestampMs progress);
// Called with what each old instance saved: all had seen the same watermark at the barrier, but for
// those that had seen none.
Status RestoreProgress(std::string_view saved, TimestampMs* progress);

}  // namespace castor::windowing
