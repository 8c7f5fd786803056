@testable import OrchPrivacy

/// Secrets whose detectors are more than a shape.
enum SecretCases {
    private static let random = "aB3dE5fG7h" + "J9kL1mN3pQ"

    static let all = [
        DetectorCase(
            "private-key",
            [
                "«-----BEGIN RSA PRIVATE" + " KEY-----\n" + body + "\n-----END RSA PRIVATE" + " KEY-----»\n",
                "x «-----BEGIN PRIVATE" + " KEY-----\n" + body + "»-----BEGIN",
            ],
            misses: ["-----BEGIN PUBLIC KEY-----\n" + body, "-----BEGIN PRIVATE" + " KEY-----"]),
        DetectorCase(
            "connection-string", ["postgres://«app:s3cr" + "et9@»db.example/x".replacing("@»", with: "»@")],
            misses: ["postgres://app:$PASS@db/x", "postgres://db.example/x", "https://user:password@host/"]),
        DetectorCase(
            "bearer-token", ["Authorization: Bearer «\(random)»", "bearer «\(random)»;"],
            misses: ["bearer token authentication", "Bearer <token>", "Bearer " + String(repeating: "x", count: 20)]),
        DetectorCase(
            "basic-credentials", ["Basic «dXNlcjpwYXNz" + "d29yZDE=»"],
            misses: ["basic understanding", "Basic aGVsbG8gd29ybGQ="]),
        DetectorCase(
            "curl-auth-user", ["curl -u «joe:hunter" + "22» http://x"],
            misses: ["curl -u joe http://x", "curl -u \"$1:$2\"", "tool -u joe:hunter22"]),
        DetectorCase(
            "kubernetes-secret", ["kind: Secret\ndata:\n  key: «bXlwYXNzd29yZA==»\n"],
            misses: ["kind: Secret\ndata:\n  key: \"\"\n", "kind: ConfigMap\ndata:\n  key: bXlwYXNzd29yZA==\n"]),
        DetectorCase(
            "nuget-config-password", ["<add key=\"Password\" value=\"«c0rrect-horse»\" />"],
            misses: ["<add key=\"Password\" value=\"%PASSWORD_ENV%\" />", "<add key=\"Password\" value=\"abc\" />"]),
        DetectorCase(
            "gcp-service-account", ["{\"type\": «\"service_account\"»}"], misses: ["name: \"service_account\""]),
        DetectorCase(
            "facebook-access-token", ["facebook «1234567890123456|" + random + "aB3dE5f»"],
            misses: ["facebook 1234567890123456"]),
        DetectorCase(
            "discord-bot-token", ["«M" + "TE4NzY1NDMyMTA5ODc2NTQz" + ".GaBc1d." + random + "aB3dE5fG7h»"],
            misses: ["MTE4NzY1NDMyMTA5ODc2NTQz.GaBc1d"]),
        DetectorCase(
            "generic-api-key",
            ["api_key = \"«\(random)»\"", "\"secret\": \"«\(random)»\"", "<token>\n  «\(random)»\n</token>"],
            misses: [
                "token = getToken()", "token: string", "secret = com.example.app.Main",
                "api_key = " + String(repeating: "x", count: 20),
            ]),
        DetectorCase(
            "password", ["password = \"«hunt3r2!»\"", "pwd: «P@ssw0rd»"],
            misses: ["password: string", "password = $PASSWORD", "passenger = abc123", "password = config.pass"]),
    ]

    private static let body = (0..<3).map { _ in String(repeating: "aB3dE5fG7hJ9kL1m", count: 4) }.joined(
        separator: "\n")
}
