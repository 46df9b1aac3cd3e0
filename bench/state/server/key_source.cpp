#include "bench/state/server/key_source.h"

#include <cmath>
#include <map>

#include "bench/state/server/check.h"

namespace castor::bench {

// Ranks by Zipf's law (Gray et al.: "Quickly Generating Billion-Record Synthetic Databases", 1994).
class Zipf {
 public:
  explicit Zipf(uint64_t count) : count_(static_cast<double>(count)) {
    double zeta = 0;
    for (uint64_t i = 1; i <= count; ++i) zeta += std::pow(static_cast<double>(i), -kTheta);
    zeta_ = zeta;
    eta_ = (1 - std::pow(2 / count_, 1 - kTheta)) / (1 - (1 + std::pow(0.5, kTheta)) / zeta_);
  }
  uint64_t Rank(double u) const {
    const double uz = u * zeta_;
    if (uz < 1) return 0;
    if (uz < 1 + std::pow(0.5, kTheta)) return 1;
    return static_cast<uint64_t>(count_ * std::pow(eta_ * u - eta_ + 1, 1 / (1 - kTheta)));
  }

  // Summing up takes long for millions.
  static std::shared_ptr<const Zipf> Of(uint64_t count) {
    static std::map<uint64_t, std::shared_ptr<const Zipf>> made;
    std::shared_ptr<const Zipf>& zipf = made[count];
    if (!zipf) zipf = std::make_shared<Zipf>(count);
    return zipf;
  }

 private:
  static constexpr double kTheta = 0.99;
  const double count_;
  double zeta_ = 0, eta_ = 0;
};

namespace {

constexpr uint64_t kPerKey = 16;
constexpr double kRecentShare = 0.01;

// Above 0 and below 1.
double Fraction(std::mt19937_64& random) {
  return static_cast<double>((random() >> 11) | 1) * 0x1p-53;
}

}  // namespace

KeySource::KeySource(const std::string& distribution, uint64_t keys, uint64_t seed)
    : keys_(keys), random_(seed), newest_((seed * 0x9E3779B97F4A7C15u) % keys * kPerKey) {
  if (distribution == "uniform") {
    distribution_ = Distribution::kUniform;
  } else if (distribution == "zipf") {
    distribution_ = Distribution::kZipf;
    zipf_ = Zipf::Of(keys);
  } else if (distribution == "recent") {
    distribution_ = Distribution::kRecent;
  } else {
    Fail("no distribution is called " + distribution);
  }
}

KeySource::~KeySource() = default;

uint64_t KeySource::Next() {
  switch (distribution_) {
    case Distribution::kUniform:
      return random_() % keys_;
    case Distribution::kZipf:
      return zipf_->Rank(Fraction(random_)) * 0x9E3779B97F4A7C15u % keys_;
    case Distribution::kRecent:
      break;
  }
  const double distance = -std::log(Fraction(random_)) * kRecentShare * static_cast<double>(keys_);
  return (++newest_ / kPerKey + keys_ - static_cast<uint64_t>(distance) % keys_) % keys_;
}

}  // namespace castor::bench
