// Message digests as hexadecimal text: StringCallGen over BinaryStringDataUtil.hash.
#include "expr/digest.h"

#include <memory>
#include <string>

#include "expr/functions/registry.h"
#include "expr/row_call.h"
#include "expr/text_encoding.h"

namespace castor::expr {
namespace {

bool WriteDigest(RowScope& scope, Digest& digest, std::string_view text, StringRef* out) {
  unsigned char bytes[Digest::kMaxSize];
  if (!digest.Compute(text, bytes)) {
    return scope.Fail([] { return "the platform's libcrypto failed"; });
  }
  const size_t size = digest.size();
  char* target = scope.arena().Reserve(2 * size);
  EncodeHex({reinterpret_cast<const char*>(bytes), size}, HexDigits::kLower, target);
  *out = StringRef(target, static_cast<uint32_t>(2 * size));
  return true;
}

struct DigestOf {
  std::shared_ptr<Digest> digest;  // of this node alone
  bool operator()(RowScope& scope, const StringRef& text, StringRef* out) const {
    return WriteDigest(scope, *digest, text.view(), out);
  }
};

Result<Node*> MakeDigest(Call& call, std::string_view algorithm) {
  CASTOR_ASSIGN_OR_RETURN(std::shared_ptr<Digest> digest, Digest::Open(algorithm));
  return MakeRowCall<DigestOf, StringRef, StringRef>(call, {Want::kText}, {std::move(digest)},
                                                     OnError::kFail);
}

Result<Node*> Md5(Call& call) { return MakeDigest(call, "MD5"); }
Result<Node*> Sha1(Call& call) { return MakeDigest(call, "SHA"); }
Result<Node*> Sha224(Call& call) { return MakeDigest(call, "SHA-224"); }
Result<Node*> Sha256(Call& call) { return MakeDigest(call, "SHA-256"); }
Result<Node*> Sha384(Call& call) { return MakeDigest(call, "SHA-384"); }
Result<Node*> Sha512(Call& call) { return MakeDigest(call, "SHA-512"); }

// SHA2 with the bits of the row.
struct Sha2OfRow {
  bool operator()(RowScope& scope, const StringRef& text, int64_t bits, StringRef* out) const {
    auto digest = Digest::Open("SHA-" + std::to_string(bits));
    if (!digest.ok()) return scope.Fail([&] { return "SHA2: " + digest.status().message(); });
    return WriteDigest(scope, **digest, text.view(), out);
  }
};

Result<Node*> Sha2(Call& call) {
  CASTOR_ASSIGN_OR_RETURN(const std::vector<Node*> operands,
                          OperandsAs(call, {Want::kText, Want::kLong}));
  const ColumnPtr bits = call.IsLiteral(1) ? call.builder.ConstantValue(operands[1]) : nullptr;
  if (bits == nullptr || IsConstantNull(*bits)) {
    return MakeRowCall<Sha2OfRow, StringRef, StringRef, int64_t>(call, {Want::kText, Want::kLong},
                                                                 {}, OnError::kFail);
  }
  const int64_t value = bits->values<int64_t>()[0];
  if (value != 224 && value != 256 && value != 384 && value != 512) {
    return Status::InvalidArgument("SHA2: " + std::to_string(value) +
                                   " bits; there are digests of 224, 256, 384 and 512");
  }
  call.operands.pop_back();
  return MakeDigest(call, "SHA-" + std::to_string(value));
}

constexpr FunctionEntry kFunctions[] = {
    {"MD5", Md5},       {"SHA1", Sha1},     {"SHA224", Sha224}, {"SHA256", Sha256},
    {"SHA384", Sha384}, {"SHA512", Sha512}, {"SHA2", Sha2},
};

}  // namespace

std::span<const FunctionEntry> DigestFunctions() { return kFunctions; }

}  // namespace castor::expr
