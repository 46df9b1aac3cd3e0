#include "gemini/store/shared_budget.h"

#include <gtest/gtest.h>

namespace castor::gemini {
namespace {

TEST(SharedBudget, AnybodyMayHaveMoreWhileThereIsRoom) {
  MemoryAccount account("test", 840);
  SharedBudget budget(&account);
  SharedBudget::Member one(&budget), other(&budget);
  account.Charge(600);
  one.Report(600);
  EXPECT_GE(budget.BudgetOf(600), 600);
}

TEST(SharedBudget, WhoeverHasMoreThanItsShareGivesBack) {
  MemoryAccount account("test", 840);  // of which 700 are given out
  SharedBudget budget(&account);
  SharedBudget::Member one(&budget), other(&budget);
  account.Charge(750);
  one.Report(500);
  other.Report(250);
  EXPECT_EQ(budget.BudgetOf(500), 450);
  EXPECT_EQ(budget.BudgetOf(250), 350);
}

// Who cannot be asked leaves less to those who can, and all within a share of the whole would
// otherwise keep more than there is.
TEST(SharedBudget, WhatOthersHaveIsNotShared) {
  MemoryAccount account("test", 840);
  SharedBudget budget(&account);
  SharedBudget::Member one(&budget), other(&budget);
  account.Charge(1000);
  one.Report(300);
  other.Report(300);  // and 400 are no member's
  EXPECT_EQ(budget.BudgetOf(300), 150);
  account.Charge(400);
  EXPECT_EQ(budget.BudgetOf(300), 0);
}

TEST(SharedBudget, WhoLeavesHasNothing) {
  MemoryAccount account("test", 840);
  SharedBudget budget(&account);
  SharedBudget::Member one(&budget);
  account.Charge(700);
  {
    SharedBudget::Member other(&budget);
    other.Report(400);
    one.Report(300);
  }
  account.Release(400);
  EXPECT_EQ(budget.BudgetOf(300), 700);
}

}  // namespace
}  // namespace castor::gemini
