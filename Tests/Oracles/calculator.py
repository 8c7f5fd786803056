#!/usr/bin/env python3
"""Computes what the calculator should answer, with Python's parser, int, Fraction and Decimal.

Writes the tables of Tests/ToolsTests/Calculator:
    calculator.py chosen > ChosenExpressions.swift
    calculator.py random > RandomExpressions.swift
    calculator.py more-random > MoreRandomExpressions.swift
    calculator.py long > LongExpressions.swift
"""
import ast
import decimal
import math
import random
import sys
from fractions import Fraction

decimal.getcontext().prec = 20_000
decimal.getcontext().Emax = 999_999
decimal.getcontext().Emin = -999_999
sys.set_int_max_str_digits(0)


class Refused(Exception):
    pass


def exact(value):
    return isinstance(value, Fraction)


def to_float(value):
    if not exact(value):
        return value
    try:
        return value.numerator / value.denominator
    except OverflowError:
        raise Refused("overflow")


def real(compute):
    try:
        value = compute()
    except OverflowError:
        raise Refused("overflow")
    except ValueError:
        raise Refused("not_real")
    if isinstance(value, complex) or value != value:
        raise Refused("not_real")
    if math.isinf(value):
        raise Refused("overflow")
    return value


def power(base, exponent):
    if base == 0 and exponent < 0:
        raise Refused("division_by_zero")
    if exact(base) and exact(exponent) and exponent.denominator == 1:
        whole_power = base.denominator == 1 and (exponent >= 0 or abs(base) <= 1)
        bits = max(abs(base.numerator).bit_length(), base.denominator.bit_length()) * abs(exponent)
        if whole_power or (abs(exponent) <= 1000 and bits <= (16_384 if base.denominator == 1 else 4_096)):
            return Fraction(base ** int(exponent))
    return real(lambda: to_float(base) ** to_float(exponent))


def binary(operator, left, right):
    if operator in (ast.Div, ast.FloorDiv, ast.Mod) and right == 0:
        raise Refused("division_by_zero")
    if operator is ast.Pow:
        return power(left, right)
    both = exact(left) and exact(right)
    a, b = (left, right) if both else (to_float(left), to_float(right))
    compute = {
        ast.Add: lambda: a + b,
        ast.Sub: lambda: a - b,
        ast.Mult: lambda: a * b,
        ast.Div: lambda: a / b,
        ast.FloorDiv: lambda: a // b,
        ast.Mod: lambda: a % b,
    }[operator]
    return Fraction(compute()) if both else real(compute)


def root(value):
    if value < 0:
        raise Refused("not_real")
    if not exact(value):
        return math.sqrt(value)
    top, bottom = math.isqrt(value.numerator), math.isqrt(value.denominator)
    if top * top == value.numerator and bottom * bottom == value.denominator:
        return Fraction(top, bottom)
    with decimal.localcontext() as context:
        context.prec = 1_000
        return real(lambda: float((decimal.Decimal(value.numerator) / decimal.Decimal(value.denominator)).sqrt()))


def whole(value):
    if not exact(value) or value.denominator != 1:
        raise Refused("whole_number_expected")
    return value.numerator


def round_digits(value, digits=None):
    if digits is None:
        return Fraction(round(Fraction(value)))
    result = Fraction(round(Fraction(value), whole(digits)))
    return result if exact(value) else to_float(result)


def logarithm(function):
    def compute(value):
        if value <= 0:
            raise Refused("argument_out_of_range")
        if exact(value) and value.denominator == 1:
            return function(value.numerator)
        return function(to_float(value))
    return compute


def log(value, base=None):
    if base is None:
        return logarithm(math.log)(value)
    if base == 2:
        return logarithm(math.log2)(value)
    if base == 10:
        return logarithm(math.log10)(value)
    denominator = logarithm(math.log)(base)
    if denominator == 0:
        raise Refused("argument_out_of_range")
    return logarithm(math.log)(value) / denominator


def factorial(value):
    number = whole(value)
    if number < 0:
        raise Refused("argument_out_of_range")
    return Fraction(math.factorial(number))


def arc(function):
    def compute(value):
        if abs(value) > 1:
            raise Refused("argument_out_of_range")
        return function(to_float(value))
    return compute


def isqrt(value):
    number = whole(value)
    if number < 0:
        raise Refused("not_real")
    return Fraction(math.isqrt(number))


def hypot(*values):
    result = root(sum((Fraction(value) ** 2 for value in values), Fraction(0)))
    return result if all(map(exact, values)) else to_float(result)


def floating(function):
    return lambda *values: real(lambda: function(*map(to_float, values)))


FUNCTIONS = {
    "sqrt": root, "abs": abs, "round": round_digits, "isqrt": isqrt, "factorial": factorial, "hypot": hypot,
    "floor": lambda x: Fraction(math.floor(x)), "ceil": lambda x: Fraction(math.ceil(x)),
    "trunc": lambda x: Fraction(math.trunc(x)), "min": lambda *x: min(x), "max": lambda *x: max(x),
    "gcd": lambda *x: Fraction(math.gcd(*map(whole, x))), "lcm": lambda *x: Fraction(math.lcm(*map(whole, x))),
    "mod": lambda x, y: binary(ast.Mod, x, y), "ln": logarithm(math.log), "log": log,
    "log2": logarithm(math.log2), "log10": logarithm(math.log10), "asin": arc(math.asin), "acos": arc(math.acos),
    "exp": floating(math.exp), "cbrt": floating(math.cbrt), "sin": floating(math.sin), "cos": floating(math.cos),
    "tan": floating(math.tan), "atan": floating(math.atan), "atan2": floating(math.atan2),
    "degrees": floating(math.degrees), "radians": floating(math.radians),
}
CONSTANTS = {"pi": math.pi, "e": math.e, "tau": math.tau}


def value_of(node, source):
    if isinstance(node, ast.Constant):
        return Fraction(ast.get_source_segment(source, node).replace("_", ""))
    if isinstance(node, ast.Name):
        return CONSTANTS[node.id]
    if isinstance(node, ast.UnaryOp):
        operand = value_of(node.operand, source)
        return -operand if isinstance(node.op, ast.USub) else operand
    if isinstance(node, ast.BinOp):
        return binary(type(node.op), value_of(node.left, source), value_of(node.right, source))
    return FUNCTIONS[node.func.id](*[value_of(argument, source) for argument in node.args])


def shortest(value):
    if value == 0:
        return "0"
    text = repr(value)
    if 2 ** 53 < abs(value) < 1e16:
        digits = text.lstrip("-").removesuffix(".0")
        body = digits.rstrip("0")
        return f"{'-' if value < 0 else ''}{body[0]}.{body[1:]}e+{len(digits) - 1}"
    return text.removesuffix(".0")


def scientific(number):
    sign, digits, _ = number.normalize().as_tuple()
    body = "".join(map(str, digits))
    exponent = number.adjusted()
    point = "." if len(body) > 1 else ""
    return f"{'-' if sign else ''}{body[0]}{point}{body[1:]}e{'-' if exponent < 0 else '+'}{abs(exponent)}"


def text_of(value):
    if not exact(value):
        return shortest(value)
    if value.denominator == 1:
        return str(value.numerator)
    rest = value.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    number = decimal.Decimal(value.numerator) / decimal.Decimal(value.denominator)
    if rest == 1 and len(number.normalize().as_tuple().digits) <= 30:
        number = number.normalize()
        leading = -number.as_tuple().exponent - len(number.as_tuple().digits)
        return scientific(number) if leading > 20 else format(number, "f")
    try:
        nearest = to_float(value)
        if abs(nearest) >= sys.float_info.min:
            return shortest(nearest)
    except Refused:
        pass
    with decimal.localcontext() as context:
        context.prec = 17
        return scientific(decimal.Decimal(value.numerator) / decimal.Decimal(value.denominator))


def answer(expression):
    """The text, and whether it came out of floating point."""
    source = expression.replace("×", "*").replace("÷", "/").replace("−", "-").strip()
    try:
        value = value_of(ast.parse(source, mode="eval").body, source)
        return text_of(value), not exact(value)
    except Refused as refusal:
        return "!" + str(refusal), False


CHOSEN = """
0|7|-7|+7|--7|-+-7|1+2|1 + 2 * 3|(1 + 2) * 3|2*3+4*5|10-4-3|100/10/2|2**3**2|(2**3)**2|-2**2|(-2)**2|2**-1|2**-2**0
-2**-2|2*-3|2--3|7//2|-7//2|7//-2|-7//-2|7%3|-7%3|7%-3|-7%-3|7.5//2|-7.5//2|7.5%2|-7.5%2|7.5%-2|0.1+0.2|0.1*3|1.1*1.1
0.3-0.1|1/3|2/3|10/4|6/3|1/8|1/1024|1/7|22/7|-1/3|1/3+1/3+1/3|1/3*3|0.1**2|0.1**20|1.5**3|1.5**-3|(1/3)**-2|1.05**360
1.0001**3650|1.5**1001|.5|5.|5.e1|1e3|1E3|1e+3|1.5e-3|1_000|1_000_000.000_1|1_0e1_0|1e-7|1e-300|1.5e-300*3|1e-400/3
3/7*1e500|(10**400+1)/3|1e22|1e23|2**100|3**200|-3**201|10**30+1|10**50|(2**64)//3|(2**64)%1000|-(2**64)//3|(2**64)%-1000
123456789*987654321|99999999999999999999+1|1-99999999999999999999|2**200//3**50|2**200%3**50|10**40/10**38|10**38/10**40
0.123456789012345678901234567891|1.123456789012345678901234567891|-0.1234567890123456789012345678915|(10**25+1)/10**25|(10**35+1)/10**35|0**0|0**5|1**100000000|(-1)**100000001|0.0|-0.0|0*-1|-0*pi|4**0.5|2**0.5|27**(1/3)
(-8)**(1/3)|(-8)**3|(-8)**-3|0**-1|0**-0.5|1/0|1//0|1%0|1.5/0|pi/0|1/(1-1)|1/(0.1+0.2-0.3)|pi|e|tau|pi*2-tau|e**2
pi//1|pi%1|-pi//1|-pi%1|pi%-1|1e308*10*pi|10**309*pi|exp(0)|exp(1)|exp(1000)|exp(-1000)|ln(e)|ln(10**1000)|ln(0)|ln(-1)
log(100,10)|log(1000,10)|log(8,2)|log(81,3)|log(5,1)|log(7)|log2(1024)|log2(2**2000)|log10(1000)|log10(10**500)|log10(0.001)
sqrt(0)|sqrt(2)|sqrt(16)|sqrt(1/4)|sqrt(0.01)|sqrt(-1)|sqrt(10**400)|sqrt(10**400+1)|sqrt(10**-400+10**-401)|sqrt(pi)
cbrt(27)|cbrt(-27)|isqrt(99)|isqrt(10**41)|isqrt(-1)|isqrt(2.5)|abs(-3)|abs(-0.5)|abs(-pi)|round(2.5)|round(3.5)|round(-2.5)
round(2.675,2)|round(1.005,2)|round(1250,-2)|round(1350,-2)|round(123.456,-1)|round(pi)|round(pi,4)|round(1/3,5)|round(7,3)
round(e*100,-1)|floor(2.7)|floor(-2.7)|ceil(2.1)|ceil(-2.1)|trunc(2.9)|trunc(-2.9)|floor(pi)|ceil(pi)|trunc(-pi)|floor(exp(100))
sin(0)|sin(pi)|sin(pi/6)|cos(0)|cos(pi)|tan(pi/4)|tan(pi/2)|asin(1)|acos(1)|acos(-1)|asin(2)|acos(-1.5)|atan(1)|atan2(1,-1)
atan2(-1,-1)|degrees(pi)|radians(180)|min(3,1,2)|max(3,1,2)|max(1,2.5,pi)|min(pi,22/7)|max(5)|gcd(12,18)|gcd(-12,18)|gcd(0,0)
gcd(12,18,27)|gcd(2**100,6**50)|gcd(1.5,2)|lcm(4,6)|lcm(4,6,10)|lcm(0,5)|lcm(-4,6)|factorial(0)|factorial(5)|factorial(20)
factorial(50)|factorial(-1)|factorial(2.5)|hypot(3,4)|hypot(1,1)|hypot(3,4,12)|hypot(pi,1)|hypot(10**200,10**200)|mod(7,3)
mod(-7,3)|mod(7.5,-2)|7 × 6 ÷ 2 − 1|2 ×−3|sqrt(sqrt(16))|max(min(1,2),sqrt(9))|1+(2*(3-(4/(5))))|((((1))))|1e15+0.3
1e16+pi|9007199254740993*1.0|9007199254740993+0*pi|123456789.123456789|100*1.1|19.99*3|4.35*100|1.1+2.2|1000*(1+0.05/12)**12
(1+1/12)**12|2**10-1|3*(4+5)**2/9|15%4*2|2**0.5*2**0.5|10//3*3+10%3|1e2**2|-1e2**2|5e-324*pi|1/3e-320|factorial(30)/factorial(28)
(10**16-1/9)/10**2482|-(10**16-1/9)/10**400|(10**7-1/3486784401)/10**1151|(10**17-1/2-1/3**30)/10**1000
(10**17-1/2)/10**1000|(10**17-1/2+1/3**30)/10**1000|(10**17-1/3)*10**1000|(10**17+1/3)*10**1000|(10**17-1/3)/10**330
(10**5000+1)%1.5|10**6000%0.7|-(10**6000)%0.7|10**6000%-0.7|10**9999%0.01|mod(10**9999+1,7)|10**4000%(1/7**4000)
round(10**9999+1,-1)-10**9999|round(7**5900,-1)%10**30|round(-7**5900,-900)%10**930|round(10**9999,1000)/10**9999
round(5*10**9998,-1000)/10**9998|round(7**5800/2,1000)-7**5800/2|round(25,-1)|round(-35,-1)|round(10**400/3,-390)
(10**1300)**-1|(10**1300)**-2|(10**4000)**-1*10**4000|(10**5000)**-1|99**-1000|2**-1000|2**-1001|7**-5839
1/6+1/10|1/6-1/10|1/6+1/3|5/6-5/6|1/2**100-1/2**100|3/4*8/9|-3/4*-4/3|-3/4*4/9|0*1/3|1/3*0|7/3*3/7|2**70/3*3/2**69
""".replace("\n", "|").strip("|").split("|")


def random_number(source):
    kind = source.random()
    if kind < 0.45:
        return str(source.randint(0, 20))
    if kind < 0.6:
        return str(source.randint(0, 10 ** source.randint(1, 25)))
    if kind < 0.9:
        return f"{source.randint(0, 999)}.{source.randint(0, 999)}"
    return f"{source.randint(1, 99)}e{source.randint(-12, 12)}"


def random_expression(source, depth):
    if depth == 0 or source.random() < 0.15:
        return random_number(source)
    kind = source.random()
    if kind < 0.7:
        operator = source.choice(["+", "-", "*", "/", "//", "%", " + ", " - ", " * ", "−", "×", "÷"])
        return random_expression(source, depth - 1) + operator + random_expression(source, depth - 1)
    if kind < 0.78:
        return f"({random_expression(source, depth - 1)})**{source.choice(['', '-', '+'])}{source.randint(0, 9)}"
    if kind < 0.9:
        return f"({random_expression(source, depth - 1)})"
    if kind < 0.94:
        return "-" + random_expression(source, depth - 1)
    inner = random_expression(source, depth - 1)
    name = source.choice(["abs", "round", "floor", "ceil", "trunc", "sqrt", "min", "max"])
    if name in ("min", "max"):
        return f"{name}({inner},{random_expression(source, depth - 1)})"
    return f"{name}({inner})"


def random_rows():
    source = random.Random(20_240_229)
    rows = []
    while len(rows) < 1_050:
        expression = random_expression(source, source.randint(2, 5))
        result, approximate = answer(expression)
        if 3 < len(expression) <= 110 and len(result) <= 80:
            rows.append((expression, result, approximate))
    return rows


def long_number(source, digits):
    length = source.randint(1, digits)
    kind = source.random()
    if kind < 0.4:
        base = source.randint(2, 99)
        return f"{base}**{max(1, int(length / math.log10(base)))}"
    if kind < 0.6:
        return f"(10**{length}{source.choice('+-')}{source.randint(0, 10 ** 6)})"
    if kind < 0.8:
        return f"(2**{64 * max(1, length // 20)}{source.choice('+-')}{source.choice(['0', '1', '2**64', '2**63'])})"
    return f"factorial({source.randint(1, 1 + length // 4)})"


def long_expression(source):
    a, b, c = (long_number(source, 3_000) for _ in range(3))
    modulus = source.randint(10 ** 20, 10 ** 40)
    kind = source.randrange(9)
    if kind == 7:
        return f"{long_number(source, 2_000)}/{long_number(source, 2_000)}"
    if kind == 8:
        return f"{long_number(source, 900)}/{long_number(source, 900)}-{long_number(source, 900)}/10**{source.randint(1, 900)}"
    whole = [
        f"{a}*{b}*{c}", f"{a}*{b}//{c}", f"{a}*{b}%{c}", f"gcd({a}*{b},{a}*{c})", f"lcm({a},{b})", f"isqrt({a}*{b})",
        f"gcd({a},{b})+isqrt({c})",
    ][kind]
    return f"({whole})%{modulus}"


def folded(quotients, length):
    """Numerator and denominator of a fraction whose continued fraction repeats these quotients, nearly.

    Its denominator has as many bits as that, and at least half of them: n/d + 1/d² has the quotients of n/d, and then
    the same ones backwards.
    """
    value = Fraction(0)
    for quotient in reversed(quotients):
        value = 1 / (quotient + value)
    top, bottom = str(value.numerator), value.denominator
    power = 1
    while bottom.bit_length() * power * 2 <= length:
        top = f"({top}*{bottom}**{power}+1)"
        power *= 2
    return top, f"{bottom}**{power}"


def quotient_rows():
    """Divisors whose partial quotients are at the ends of what is done at once in LehmerDivisor."""
    rows = []
    for bits in (20, 21, 21.34, 21.5, 22, 23, 31, 32, 33, 42, 43, 63, 64, 65, 128):
        quotient = int(2 ** bits)
        for quotients in ([quotient], [quotient - 1, 1], [1, quotient, quotient + 1]):
            top, bottom = folded(quotients, 6_000)
            factor = f"{3 + len(rows)}**{50 + 10 * len(rows)}"
            rows.append(f"gcd({top}*{factor},{bottom}*{factor})%10**40")
    return [(expression, *answer(expression)) for expression in rows]


def long_rows():
    source = random.Random(9_999)
    rows = []
    while len(rows) < 250:
        expression = long_expression(source)
        rows.append((expression, *answer(expression)))
    return rows + quotient_rows()


def main():
    tables = {
        "chosen": lambda: [(expression, *answer(expression)) for expression in CHOSEN],
        "random": lambda: random_rows()[:525],
        "more-random": lambda: random_rows()[525:],
        "long": long_rows,
    }
    table = sys.argv[1]
    rows = tables[table]()
    first, *others = table.split("-")
    name = f"{first}{''.join(map(str.title, others))}Expressions"
    print("// Made by Tests/Oracles/calculator.py; do not edit.\n")
    print("/// An expression, `=` or, for floating point, `~`, and its value or `!` and the error's word.")
    print(f'let {name} = """')
    for expression, result, approximate in rows:
        print(f"    {expression} {'~' if approximate else '='} {result}")
    print('    """')


main()
