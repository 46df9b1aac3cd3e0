#include "platform/api/contract.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "platform/texts.h"

namespace castor::platform {
namespace {

constexpr const char* kYaml = R"yaml(
paths:
  /things:
    get:
      operationId: listThings
      x-role: known
      parameters:
        - {name: size, in: query, schema: {type: integer, minimum: 1}}
        - {name: Last-Id, in: header, schema: {type: integer}}
    post:
      operationId: makeThing
      x-role: admin
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
  /things/{id}:
    get:
      operationId: getThing
      x-role: known
    put:
      operationId: fillThing
      x-role: known
      requestBody: {content: {application/octet-stream: {schema: {type: string}}}}
components:
  schemas:
    Thing:
      type: object
      required: [name]
      additionalProperties: false
      properties:
        name: {type: string, pattern: "^[a-z]+$", maxLength: 5}
        size: {type: integer, maximum: 9, default: 3}
        kind: {type: string, enum: [SMALL, LARGE]}
        tags: {type: object, additionalProperties: {type: string}}
        parts: {type: array, items: {type: integer}}
        inner: {$ref: "#/components/schemas/Inner"}
    Inner:
      type: object
      default: {}
      properties:
        on: {type: boolean, default: true}
)yaml";

class ContractTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loaded = Contract::Load(kYaml);
    ASSERT_TRUE(loaded.ok()) << loaded.status().message();
    contract_ = std::move(*loaded);
  }

  Contract::Match Read(const std::string& method, const std::string& path,
                       const std::string& body = "",
                       std::map<std::string, std::string> query = {}) const {
    return contract_->Read({.method = method,
                            .path = path,
                            .query = std::move(query),
                            .headers = {{"content-type", "application/json; charset=utf-8"}},
                            .body = body});
  }
  int Refused(const std::string& body) const { return Read("POST", "/things", body).refused; }

  std::unique_ptr<Contract> contract_;
};

TEST_F(ContractTest, FindsTheOperation) {
  EXPECT_EQ(Read("GET", "/things").call.operation, "listThings");
  const auto match = Read("GET", "/things/7");
  EXPECT_EQ(match.call.operation, "getThing");
  EXPECT_EQ(match.call.parameters.at("id"), "7");
  EXPECT_EQ(Read("GET", "/others").refused, 404);
  EXPECT_EQ(Read("GET", "/things/7/more").refused, 404);
  EXPECT_EQ(Read("DELETE", "/things").refused, 405);
}

TEST_F(ContractTest, ChecksParameters) {
  EXPECT_EQ(Read("GET", "/things", "", {{"size", "2"}}).refused, 0);
  EXPECT_EQ(Read("GET", "/things", "", {{"size", "0"}}).refused, 400);
  EXPECT_EQ(Read("GET", "/things", "", {{"size", "many"}}).refused, 400);
  EXPECT_EQ(Read("GET", "/things", "", {{"page", "2"}}).refused, 400);
}

TEST_F(ContractTest, HeadersAreParametersWhereTheyAreNamed) {
  const HttpRequest request = {.method = "GET",
                               .path = "/things",
                               .query = {},
                               .headers = {{"last-id", "7"}, {"accept", "all"}},
                               .body = ""};
  const auto match = contract_->Read(request);
  EXPECT_EQ(match.refused, 0) << match.message;
  EXPECT_EQ(match.call.parameters, (std::map<std::string, std::string>{{"Last-Id", "7"}}));
}

TEST_F(ContractTest, ChecksTheBody) {
  EXPECT_EQ(Refused(R"({"name": "a", "kind": "LARGE", "tags": {"x": "y"}, "parts": [1]})"), 0);
  for (const char* wrong :
       {"", "[]", "{}", R"({"name": 1})", R"({"name": "A"})", R"({"name": "abcdef"})",
        R"({"name": "a", "size": 10})", R"({"name": "a", "size": 1.5})",
        R"({"name": "a", "kind": "HUGE"})", R"({"name": "a", "tags": {"x": 1}})",
        R"({"name": "a", "parts": [1, "x"]})", R"({"name": "a", "other": 1})",
        R"({"name": "a", "inner": {"on": "yes"}})"}) {
    EXPECT_EQ(Refused(wrong), 400) << wrong;
  }
}

TEST_F(ContractTest, AnEndlessNestIsRefusedBeforeItIsRead) {
  const size_t many = 1'000'000;
  std::string nest;
  for (size_t i = 0; i < many; ++i) nest += R"({"a":)";
  EXPECT_EQ(Refused(nest + "1" + std::string(many, '}')), 400);
  // What only looks like it, in a text.
  EXPECT_EQ(Refused(R"({"name": "a", "tags": {"x": "\"[[)" + std::string(many, '[') + "\"}}"), 0);
}

TEST_F(ContractTest, FillsInWhatWasLeftOut) {
  nlohmann::json thing = {{"name", "a"}, {"tags", {{"x", "y"}}}};
  contract_->Fill("Thing", &thing);
  EXPECT_EQ(thing, nlohmann::json::parse(
                       R"({"name": "a", "tags": {"x": "y"}, "size": 3, "inner": {"on": true}})"));
}

TEST(ContractLoadTest, AKeywordThatWouldNotBeCheckedIsRefused) {
  const auto loaded = Contract::Load(
      "paths: {}\ncomponents: {schemas: {Thing: {type: object, properties: {a: {oneOf: []}}}}}");
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.status().code(), StatusCode::kUnsupported);
  EXPECT_NE(loaded.status().message().find("oneOf"), std::string::npos);
}

TEST(ContractLoadTest, AnOperationSaysWhoMayHaveIt) {
  const auto load = [](const std::string& path, const std::string& role) {
    const auto loaded = Contract::Load("paths: {" + path + ": {get: {operationId: see" + role +
                                       "}}}\ncomponents: {schemas: {}}");
    return loaded.ok() ? "" : loaded.status().message();
  };
  EXPECT_EQ(load("/things", ", x-role: known"), "");
  EXPECT_NE(load("/things", "").find("see of the contract says no x-role"), std::string::npos);
  EXPECT_NE(load("/things", ", x-role: king").find("no x-role that is known"), std::string::npos);
  EXPECT_NE(load("/things", ", x-role: viewer").find("no {namespace}"), std::string::npos);
  EXPECT_EQ(load("\"/n/{namespace}/things\"", ", x-role: viewer"), "");
}

TEST_F(ContractTest, TellsWhatIsWantedBeforeItIsRead) {
  const auto find = [this](const std::string& method, const std::string& path) {
    return contract_->Find(
        {.method = method, .path = path, .query = {}, .headers = {}, .body = "no JSON"});
  };
  const auto made = find("POST", "/things");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->demand.role, Role::kAdmin);
  EXPECT_TRUE(made->changes);
  EXPECT_FALSE(find("GET", "/things")->changes);
  EXPECT_FALSE(find("DELETE", "/things"));
  EXPECT_FALSE(find("GET", "/nothing"));
}

TEST(ContractLoadTest, TheOneOfThePlatformIsRead) {
  const auto loaded = Contract::Load(OpenApi().at(0));
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  EXPECT_GT((*loaded)->Operations().size(), 10u);
}

TEST_F(ContractTest, FilesAreLeftToBeReadInPieces) {
  HttpRequest request = {.method = "PUT",
                         .path = "/things/a",
                         .query = {},
                         .headers = {{"content-type", "application/octet-stream"}},
                         .body = {}};
  request.read_body = [](const auto& take) { return take("bytes"); };
  const Contract::Match match = contract_->Read(request);
  ASSERT_EQ(match.refused, 0) << match.message;
  std::string read;
  ASSERT_TRUE(match.call
                  .read_body([&](std::string_view piece) {
                    read += piece;
                    return Status::OK();
                  })
                  .ok());
  EXPECT_EQ(read, "bytes");
  request.headers["content-type"] = "application/json";
  EXPECT_EQ(contract_->Read(request).refused, 415);
}

}  // namespace
}  // namespace castor::platform
