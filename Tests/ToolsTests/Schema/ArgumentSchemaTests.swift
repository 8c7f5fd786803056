import OrchCore
import Testing

@testable import OrchTools

@Suite struct ArgumentSchemaTests {
    private func violation(_ schema: String, _ arguments: String) throws -> String? {
        let schema = try ArgumentSchema(try JSONValue(text: schema), patterns: SubstringPatterns())
        return schema.violation(in: try JSONValue(text: arguments)).map { "\($0.path) \($0.problem)" }
    }

    /// The schema of the one argument `x`.
    private func check(_ schema: String, _ value: String) throws -> String? {
        try violation(#"{"type":"object","properties":{"x":\#(schema)}}"#, #"{"x":\#(value)}"#)
    }

    @Test(arguments: [
        (#"{"type":"string"}"#, #""a""#, "1"),
        (#"{"type":"integer"}"#, "1", "1.5"),
        (#"{"type":"integer"}"#, "1.0", #""1""#),
        (#"{"type":"integer"}"#, "1e20", "true"),
        (#"{"type":"number"}"#, "1.5", "null"),
        (#"{"type":"boolean"}"#, "false", "0"),
        (#"{"type":"null"}"#, "null", "false"),
        (#"{"type":"array"}"#, "[]", "{}"),
        (#"{"type":"object"}"#, "{}", "[]"),
        (#"{"type":["string","null"]}"#, "null", "1"),
        (#"{"minLength":2}"#, #""ab""#, #""a""#),
        (#"{"maxLength":2}"#, #""ab""#, #""abc""#),
        (#"{"maxLength":1}"#, #""\ud83d\ude00""#, #""e\u0301""#),
        (#"{"minLength":2}"#, #""e\u0301""#, #""\u00e9""#),
        (#"{"pattern":"b"}"#, #""abc""#, #""ac""#),
        (#"{"minimum":1}"#, "1", "0.999"),
        (#"{"maximum":1}"#, "1.0", "1.001"),
        (#"{"exclusiveMinimum":1}"#, "1.001", "1"),
        (#"{"exclusiveMaximum":1}"#, "0", "1.0"),
        (#"{"maximum":9007199254740993}"#, "9007199254740993", "9007199254740994"),
        (#"{"maximum":9223372036854775807}"#, "9223372036854775807", "9223372036854775808"),
        (#"{"minimum":9.3e18}"#, "1e19", "9223372036854775807"),
        (#"{"minimum":-9.3e18}"#, "-9223372036854775808", "-1e19"),
        (#"{"exclusiveMinimum":0.5}"#, "1", "0"),
        (#"{"multipleOf":3}"#, "-9", "10"),
        (#"{"multipleOf":0.1}"#, "0.3", "0.35"),
        (#"{"multipleOf":0.01}"#, "19.99", "19.999"),
        (#"{"multipleOf":1e-300}"#, "1e300", "1.5e-300"),
        (#"{"multipleOf":2.5}"#, "0", "4"),
        (#"{"enum":["a",1,null]}"#, "1.0", #""b""#),
        (#"{"enum":[{"a":1,"b":2}]}"#, #"{"b":2.0,"a":1}"#, #"{"a":1}"#),
        (#"{"const":[1,2]}"#, "[1,2]", "[2,1]"),
        (#"{"const":"\u00e9"}"#, #""\u00e9""#, #""e\u0301""#),
        (#"{"const":0}"#, "-0.0", "false"),
        (#"{"enum":[1,2],"const":2}"#, "2", "1"),
        (#"{"minItems":1}"#, "[1]", "[]"),
        (#"{"maxItems":1}"#, "[1]", "[1,2]"),
        (#"{"uniqueItems":true}"#, "[1,true,\"1\"]", "[1,1.0]"),
        (#"{"uniqueItems":true}"#, "[[1],[2]]", #"[{"a":1,"b":2},{"b":2,"a":1}]"#),
        (#"{"items":{"type":"string"}}"#, #"["a"]"#, #"["a",1]"#),
        (#"{"prefixItems":[{"type":"string"},{"type":"integer"}]}"#, #"["a",1,null]"#, #"["a","b"]"#),
        (#"{"prefixItems":[{"type":"string"}],"items":false}"#, #"["a"]"#, #"["a",1]"#),
        (#"{"required":["a"]}"#, #"{"a":null}"#, "{}"),
        (#"{"properties":{"a":{"type":"string"}}}"#, #"{"b":1}"#, #"{"a":1}"#),
        (#"{"properties":{"a":true},"additionalProperties":false}"#, #"{"a":1}"#, #"{"b":1}"#),
        (#"{"additionalProperties":{"type":"integer"}}"#, #"{"b":1}"#, #"{"b":"c"}"#),
        (#"{"properties":{"\u00e9":true},"additionalProperties":false}"#, #"{"\u00e9":1}"#, #"{"e\u0301":1}"#),
        (#"{"minProperties":1}"#, #"{"a":1}"#, "{}"),
        (#"{"maxProperties":1}"#, #"{"a":1}"#, #"{"a":1,"b":2}"#),
        (#"{"anyOf":[{"type":"string"},{"minimum":5}]}"#, "5", "4"),
        (#"{"oneOf":[{"type":"integer"},{"minimum":5}]}"#, "4", "5"),
        (#"{"oneOf":[{"type":"string"},{"minimum":5}]}"#, "5", "4"),
        (#"{"allOf":[{"minimum":1},{"maximum":2}]}"#, "2", "3"),
        (#"{"not":{"type":"string"}}"#, "1", #""a""#),
        (#"{"not":{"not":{"type":"string"}}}"#, #""a""#, "1"),
    ])
    func `a keyword admits what it should and refuses the rest`(schema: String, good: String, bad: String) throws {
        #expect(try check(schema, good) == nil)
        #expect(try check(schema, bad) != nil)
    }

    @Test func `keywords of other types do not apply`() throws {
        let schema = #"{"minLength":5,"minimum":5,"minItems":5,"minProperties":5,"required":["a"],"pattern":"x"}"#
        for value in ["null", "true", "5", #""xxxxx""#, "[1,2,3,4,5]"] {
            #expect(try check(schema, value) == nil)
        }
    }

    @Test(arguments: [
        (
            #"{"items":{"type":"object","properties":{"name":{"type":"string"}}}}"#, #"[{},{},{"name":1}]"#,
            "args.x[2].name must be of type string"
        ),
        (#"{"required":["the name"]}"#, "{}", #"args.x["the name"] is missing"#),
        (
            #"{"properties":{"a":true,"b":true},"additionalProperties":false}"#, #"{"private words":1}"#,
            "args.x has a member that is not known; known are a, b"
        ),
        (
            #"{"additionalProperties":{"type":"integer"}}"#, #"{"private words":"private"}"#,
            "args.x.* must be of type integer"
        ),
        (#"{"type":["string","null"]}"#, "1", "args.x must be of type string or null"),
        (#"{"maximum":1.5}"#, "2", "args.x must be at most 1.5"),
        (#"{"enum":["a"]}"#, #""private""#, "args.x is not one of the allowed values"),
        (#"{"anyOf":[{"type":"string"}]}"#, "2", "args.x fits none of the alternatives"),
        (#"{"oneOf":[true,true]}"#, "2", "args.x must fit one of the alternatives, fits 2"),
    ])
    func `a violation says where and what, and shows no value`(schema: String, value: String, expected: String) throws {
        #expect(try check(schema, value) == expected)
    }

    @Test func `arguments that are not an object are refused`() throws {
        for arguments in ["null", "[]", "1", #""a""#] {
            #expect(try violation(#"{"type":"object"}"#, arguments) == "args must be of type object")
        }
    }

    @Test func `definitions can be recursive`() throws {
        let schema = #"""
            {"type":"object","properties":{"tree":{"$ref":"#/$defs/node"}},"$defs":{
              "node":{"type":"object","required":["value"],"properties":{
                "value":{"$ref":"#/$defs/a~1b~0c"},"children":{"type":"array","items":{"$ref":"#/$defs/node"}}}},
              "a/b~c":{"type":"integer"}}}
            """#
        #expect(try violation(schema, #"{"tree":{"value":1,"children":[{"value":2,"children":[]}]}}"#) == nil)
        #expect(
            try violation(schema, #"{"tree":{"value":1,"children":[{"value":2},{"value":"a"}]}}"#)
                == "args.tree.children[1].value must be of type integer")
    }

    @Test func `a reference to the root and its siblings both apply`() throws {
        let schema = ##"{"type":"object","properties":{"next":{"$ref":"#","maxProperties":1}}}"##
        #expect(try violation(schema, #"{"next":{"next":{}}}"#) == nil)
        #expect(try violation(schema, #"{"next":{"next":3}}"#) == "args.next.next must be of type object")
        #expect(try violation(schema, #"{"next":{"a":1,"b":2}}"#) == "args.next must have at most 1 members")
    }

    @Test func `a check that explodes is cut off, and is a refusal even inside not`() throws {
        // Every level of the array doubles the work.
        let explosive = #"""
            {"type":"object","properties":{"x":{"$ref":"#/$defs/a"},"y":{"not":{"$ref":"#/$defs/a"}}},"$defs":{
              "a":{"allOf":[{"items":{"$ref":"#/$defs/a"}},{"items":{"$ref":"#/$defs/a"}}]}}}
            """#
        let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        #expect(try violation(explosive, #"{"x":\#(deep)}"#)?.hasSuffix("is too large to be checked") == true)
        #expect(try violation(explosive, #"{"y":\#(deep)}"#)?.hasSuffix("is too large to be checked") == true)
        #expect(try violation(explosive, #"{"x":[[[]]]}"#) == nil)
    }
}
