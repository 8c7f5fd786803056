import OrchCore
import Testing

@testable import OrchTools

@Suite struct SchemaCompilerTests {
    private func failure(_ schema: String) throws -> String? {
        let value = try JSONValue(text: schema)
        do throws(SchemaError) {
            _ = try ArgumentSchema(value, patterns: SubstringPatterns())
            return nil
        } catch {
            return error.message
        }
    }

    @Test(arguments: [
        ("true", "parameters"), ("{}", "parameters"), (#"{"type":"string"}"#, "parameters"),
        (#"{"type":["object"]}"#, "parameters"),
    ])
    func `the root is the schema of an object`(schema: String, path: String) throws {
        #expect(try failure(schema) == "\(path): must be a schema of type object")
    }

    @Test(arguments: [
        #""patternProperties":{}"#, #""propertyNames":{}"#, #""if":{}"#, #""dependentRequired":{}"#, #""contains":{}"#,
        #""$anchor":"a""#, ##""$dynamicRef":"#""##, #""unevaluatedProperties":false"#, #""definitions":{}"#,
        #""minlength":1"#, #""Type":"string""#, #""x-own":1"#,
    ])
    func `an unknown keyword is refused`(member: String) throws {
        #expect(try failure(#"{"type":"object",\#(member)}"#)?.hasSuffix("this keyword is not supported here") == true)
        let inside = try failure(#"{"type":"object","properties":{"a":{\#(member)}}}"#)
        #expect(inside?.hasPrefix("parameters.properties.a") == true)
    }

    @Test func `annotations say nothing`() throws {
        let annotations = #"""
            "title":"","description":"","default":1,"examples":[1],"$schema":"","$id":"","$comment":"","format":"date",
            "deprecated":true
            """#
        #expect(try failure(#"{"type":"object",\#(annotations),"properties":{"a":{\#(annotations)}}}"#) == nil)
    }

    @Test(arguments: [
        #""type":"text""#, #""type":[]"#, #""type":["string","string"]"#, #""type":1"#, #""enum":[]"#, #""enum":1"#,
        #""minLength":-1"#, #""maxLength":1.5"#, #""maxLength":"1""#, #""minItems":null"#, #""maxProperties":-1"#,
        #""pattern":1"#, #""pattern":"(""#, #""minimum":"1""#, #""multipleOf":0"#, #""multipleOf":-1"#,
        #""uniqueItems":1"#, #""required":"a""#, #""required":["a","a"]"#, #""required":[1]"#, #""properties":[]"#,
        #""properties":{"b":1}"#, #""additionalProperties":1"#, #""items":[{}]"#, #""prefixItems":[]"#,
        #""prefixItems":{}"#, #""anyOf":[]"#, #""oneOf":{}"#, #""allOf":[1]"#, #""not":1"#, #""$ref":1"#,
        ##""$ref":"#/properties/a""##, ##""$ref":"#/$defs/none""##, ##""$ref":"#/$defs/a/b""##,
        #""$ref":"https://example.com/schema""#, #""$defs":{}"#,
    ])
    func `a keyword with a wrong value is refused with its place`(member: String) throws {
        let message = try failure(#"{"type":"object","properties":{"a":{\#(member)}}}"#)
        #expect(message?.hasPrefix("parameters.properties.a.") == true, "\(message ?? "accepted")")
    }

    @Test(arguments: [
        ##"{"type":"object","$ref":"#"}"##,
        ##"{"type":"object","allOf":[{"$ref":"#"}]}"##,
        ##"{"type":"object","properties":{"a":{"$ref":"#/$defs/a"}},"$defs":{"a":{"not":{"$ref":"#/$defs/b"}},"b":{"anyOf":[true,{"$ref":"#/$defs/a"}]}}}"##,
    ])
    func `a schema that refers to itself without end is refused`(schema: String) throws {
        #expect(try failure(schema) == "parameters: a schema refers to itself without end")
    }

    @Test func `the same definition twice is no cycle`() throws {
        let (a, b) = (##"{"$ref":"#/$defs/a"}"##, ##"{"$ref":"#/$defs/b"}"##)
        let schema = #"{"type":"object","allOf":[\#(a),\#(a)],"$defs":{"a":{"not":\#(b)},"b":true}}"#
        #expect(try failure(schema) == nil)
    }

    @Test func `depth and number of schemas are bounded`() throws {
        func nested(_ levels: Int) -> String {
            #"{"type":"object","items":"# + String(repeating: #"{"items":"#, count: levels - 1) + "true"
                + String(repeating: "}", count: levels)
        }
        #expect(try failure(nested(ArgumentSchema.maximumSchemaDepth)) == nil)
        #expect(try failure(nested(ArgumentSchema.maximumSchemaDepth + 1))?.contains("nested deeper") == true)

        func wide(_ count: Int) -> String {
            #"{"type":"object","anyOf":["# + Array(repeating: "true", count: count).joined(separator: ",") + "]}"
        }
        #expect(try failure(wide(ArgumentSchema.maximumSchemas - 1)) == nil)
        #expect(try failure(wide(ArgumentSchema.maximumSchemas))?.contains("more than 1000 schemas") == true)
    }
}
