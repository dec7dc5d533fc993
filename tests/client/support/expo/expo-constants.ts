/** A fake of `expo-constants`: the scheme of app.json. */
export default { expoConfig: { scheme: "myapp" } };
