#include "connector/nexmark/event_generator.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "column/column.h"

namespace castor::connector::nexmark {

LogicalType EventType() {
  using Type = LogicalType;
  const Type number = Type::BigInt(), text = Type::String(), time = Type::Timestamp(3);
  const Type person = Type::Row({{"id", number},
                                 {"name", text},
                                 {"emailAddress", text},
                                 {"creditCard", text},
                                 {"city", text},
                                 {"state", text},
                                 {"dateTime", time},
                                 {"extra", text}});
  const Type auction = Type::Row({{"id", number},
                                  {"itemName", text},
                                  {"description", text},
                                  {"initialBid", number},
                                  {"reserve", number},
                                  {"dateTime", time},
                                  {"expires", time},
                                  {"seller", number},
                                  {"category", number},
                                  {"extra", text}});
  const Type bid = Type::Row({{"auction", number},
                              {"bidder", number},
                              {"price", number},
                              {"channel", text},
                              {"url", text},
                              {"dateTime", time},
                              {"extra", text}});
  return Type::Row(
      {{"event_type", Type::Integer()}, {"person", person}, {"auction", auction}, {"bid", bid}});
}

EventGenerator::EventGenerator(const Options& options, std::shared_ptr<const FixedTexts> texts,
                               LogicalType type)
    : options_(options),
      texts_(std::move(texts)),
      type_(std::move(type)),
      draws_(options.seed),
      prices_() {}

std::shared_ptr<const FixedTexts> EventGenerator::MakeTexts(const Options& options) {
  const int64_t largest = std::max({options.person_size, options.auction_size, options.bid_size});
  return std::make_shared<const FixedTexts>(Draws(options.seed), largest + largest / 4 + 8);
}

Batch EventGenerator::Generate(std::span<const EpochRun> epochs) {
  runs_.Assign(options_, epochs);
  const int32_t rows = runs_.counts[0] + runs_.counts[1] + runs_.counts[2];
  MakeLayout(epochs, rows);
  std::vector<ColumnPtr> columns;
  columns.reserve(4);
  columns.push_back(layout_.event_types);
  for (int kind = 0; kind < 3; ++kind) {
    const LogicalType& type = type_.fields()[static_cast<size_t>(kind) + 1].type;
    columns.push_back(runs_.counts[kind] == 0
                          ? Column::MakeNull(type, rows)
                          : Column::MakeDictionary(MakeRows(kind), layout_.indices[kind], rows));
  }
  return Batch(rows, std::move(columns));
}

void EventGenerator::MakeLayout(std::span<const EpochRun> epochs, int32_t rows) {
  const bool whole = std::all_of(epochs.begin(), epochs.end(), [&](const EpochRun& run) {
    return run.from == 0 && run.to == options_.epoch_size();
  });
  const int64_t whole_epochs = whole ? static_cast<int64_t>(epochs.size()) : -1;
  if (whole && layout_.whole_epochs == whole_epochs) return;

  auto types = Column::MakeFlat(type_.fields()[0].type, rows);
  int32_t* indices[3];
  for (int kind = 0; kind < 3; ++kind) {
    layout_.indices[kind] = Buffer::Allocate(static_cast<size_t>(rows) * sizeof(int32_t));
    indices[kind] = layout_.indices[kind]->as<int32_t>();
    std::fill_n(indices[kind], rows, -1);
  }
  int32_t row = 0;
  int32_t next[3] = {0, 0, 0};
  const int64_t ends[3] = {options_.persons, options_.persons + options_.auctions,
                           options_.epoch_size()};
  for (const EpochRun& run : epochs) {
    for (int64_t offset = run.from; offset < run.to; ++offset, ++row) {
      const int kind = offset < ends[0] ? 0 : offset < ends[1] ? 1 : 2;
      types->mutable_values<int32_t>()[row] = kind;
      indices[kind][row] = next[kind]++;
    }
  }
  layout_.event_types = std::move(types);
  layout_.whole_epochs = whole_epochs;
}

ColumnPtr EventGenerator::MakeRows(int kind) const {
  const LogicalType& type = type_.fields()[static_cast<size_t>(kind) + 1].type;
  const int32_t count = runs_.counts[kind];
  std::vector<ColumnPtr> children;
  std::vector<Column*> fields;
  for (const LogicalType::Field& field : type.fields()) {
    MutableColumnPtr column = Column::MakeFlat(field.type, count);
    if (column->physical() == PhysicalType::kString) column->AddStringBuffer(texts_->buffer());
    fields.push_back(column.get());
    children.push_back(std::move(column));
  }
  switch (kind) {
    case 0:
      FillPersons(fields.data());
      break;
    case 1:
      FillAuctions(fields.data());
      break;
    default:
      FillBids(fields.data());
      break;
  }
  return Column::MakeRow(type, count, nullptr, std::move(children));
}

}  // namespace castor::connector::nexmark
