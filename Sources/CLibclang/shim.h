#pragma once
#include <clang-c/Index.h>
