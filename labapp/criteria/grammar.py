"""The grammar of criteria: controlled English over timed logic, and the expert form ``stl:``."""

from __future__ import annotations

# After a number, these words go on with the sentence; every other word is a unit.
_WORDS = (
    "after|agrees|always|and|begins|ends|eventually|for|historically|ignoring|in|is|once|or|since"
    "|throughout|turns|unless|until|while|within"
)

GRAMMAR = rf"""
check     : clause (";" clause)*                                     -> check
          | STL formula                                              -> stl
?clause   : "each" "time" trigger ":" response                       -> each
          | "whenever" cond ":" cond ["after" duration]              -> whenever
          | "always" cond [ignoring]                                 -> always_clause
          | "never" cond ["unless" cond] [ignoring]                  -> never
          | "reach" cond ["within" duration ["for" duration]]        -> reach
          | TIME_STAT "(" cond ")" CMP quantity                      -> time_stat
          | VALUE_STAT "(" value ")" CMP quantity                    -> value_stat
          | PAIR_STAT "(" value "," value [pair_set] ")" CMP quantity -> pair_stat
ignoring  : "ignoring" duration "after" "start"
pair_set  : "," NAME "=" NAME
trigger   : cond EDGE ["while" cond]                                 -> edge_trigger
          | NAME "turns" state ["while" cond]                        -> turns
response  : cond timing ["unless" cond]
?timing   : "within" duration                                        -> within
          | "within" duration "for" duration                         -> within_for
          | "within" duration "until" trigger                        -> within_until
          | "throughout"                                             -> throughout

?cond     : both ("or" both)*                                        -> any_of
?both     : unary ("and" unary)*                                     -> all_of
?unary    : "not" unary                                              -> negated
          | lasting
?lasting  : lasting "for" duration                                   -> held
          | lasting "in" "the" "last" duration                       -> recent
          | "(" cond ")"
          | leaf

?leaf     : NAME "is" state                                          -> is_state
          | number CMP quantity                                      -> compare
          | NAME "in" quantity ".." quantity                         -> in_range
          | NAME "=" quantity PLUS_MINUS quantity                    -> near
          | NAME "agrees" "with" NAME "within" quantity              -> agrees
?number   : value
          | AGE "(" NAME ")"                                         -> age
          | CHANGES "(" NAME "," duration ")"                        -> changes
value     : NAME
state     : NAME | STRING
quantity  : QUANTITY
duration  : QUANTITY

?formula  : either ["->" formula]                                    -> implies
?either   : every ("or" every)*                                      -> any_of
?every    : reaching ("and" reaching)*                               -> all_of
?reaching : prefixed [UNTIL window prefixed]                         -> until
?prefixed : "not" prefixed                                           -> negated
          | WINDOW window prefixed                                   -> windowed
          | FLANK "(" formula ")"                                    -> flank
          | "(" formula ")"
          | leaf
window    : BRACKET duration "," duration "]"

STL.2      : /stl\s*:/
TIME_STAT.2  : /(share|total|count)\b/
VALUE_STAT.2 : /(mean|max|min|final)\b/
PAIR_STAT.2  : /(median_abs_error|rmse|accuracy)\b/
EDGE.2     : /(begins|ends)\b/
WINDOW.2   : /(always|eventually|once|historically)\b/
UNTIL.2    : /(until|since)\b/
FLANK.2    : /(rise|fall)(?=\s*\()/
AGE.2      : /age(?=\s*\()/
CHANGES.2  : /changes(?=\s*\()/
CMP        : ">=" | "<=" | ">" | "<"
BRACKET    : "["
PLUS_MINUS : "+-" | "±"
QUANTITY   : /-?\d+(\.\d+)?(\s*(1\/min|(?!({_WORDS})\b)[A-Za-z%°℃µμΩ][\w%\/°²³]*))?/
NAME       : /[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*/
STRING     : /"[^"\n]*"/
%ignore /\s+/
"""
