import type { Language, Purpose } from "#shared/domain/words.ts";

/** What a practice might want a template of the use `message` to say between its name and its phone. */
export interface Wording {
  readonly language: Language;
  readonly purpose: Purpose;
  readonly words: string;
}

function wordings(language: Language, texts: Readonly<Partial<Record<Purpose, string>>>): readonly Wording[] {
  return (Object.entries(texts) as [Purpose, string][]).flatMap(([purpose, block]) =>
    block
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "")
      .map((words) => ({ language, purpose, words })),
  );
}

/** A whole template with these words. */
export function framed({ language, words }: Pick<Wording, "language" | "words">): string {
  return language === "en"
    ? `{practice}: ${words} Call {phone}. Reply STOP to end`
    : `{practice}: ${words} Tel. {phone}. STOP para salir`;
}

/** Nothing here tells anything but office work. Whoever finds the phone learns that its owner has a doctor. */
export const HARMLESS: readonly Wording[] = [
  ...wordings("en", {
    scheduling: `
      your visit with {provider} is on {date} at {time}. Details: {link}
      your appointment at {location} is {date}. See: {link}
      please book your next visit here: {link}
      an earlier time is open on {date}. Take it here: {link}
      your visit on {date} was cancelled. Pick a new time: {link}
      we had to move your visit. Choose a new time: {link}
      your video visit starts at {time}. Join here: {link}
      here is the link for your video visit: {link}
      please check in online before your visit: {link}
      the office for your visit is now {location}. Map: {link}
      {provider} is running 20 minutes late today. See: {link}
      you are on our waiting list. To leave it: {link}
      how to get to us and where to park: {link}
      we are sorry we missed you on {date}. New time: {link}
      what to bring to your visit: {link}
      please come 15 minutes early. More: {link}
      your request for a visit was received. See: {link}`,
    portal: `
      you have a new message from our office. Read it here: {link}
      {provider} sent you a message. Read: {link}
      your letter is ready. See it here: {link}
      a new document is waiting for you: {link}
      your results are ready. View them here: {link}
      please sign a form before {date}: {link}
      we still need a signed form from you: {link}
      your school form is ready: {link}
      we got your papers. Thank you. See: {link}
      please send us a photo of your insurance card: {link}
      your records request is done. Get the file: {link}
      please update your address and phone number: {link}
      your answer is waiting in the portal: {link}
      we have a question about your form: {link}`,
    billing: `
      your bill is ready. View it here: {link}
      your new statement is online: {link}
      you can pay your balance here: {link}
      we got your payment. Receipt: {link}
      your payment did not go through. See: {link}
      please call us about your bill or see: {link}
      your insurance on file has changed. Update it: {link}
      a payment plan is set up. See it: {link}
      your card on file has expired? Change it: {link}`,
    pharmacy: `
      your order is ready for pick-up at {pharmacy}. See: {link}
      your pick-up at {pharmacy} is ready until {date}. See: {link}
      your refill is ready at {pharmacy}. See: {link}
      your refill request was received. See: {link}
      {pharmacy} has your order. Details: {link}
      choose the pharmacy for your orders here: {link}`,
    survey: `
      how was your visit? Tell us in two minutes: {link}
      please take our short survey: {link}
      thank you for coming in. Rate your visit: {link}
      your opinion helps us do better: {link}`,
    announcement: `
      we are closed on {date}. Office hours: {link}
      our office opens late on {date} because of snow. See: {link}
      we have moved to {location}. New address: {link}
      we have new office hours. See: {link}
      our phones are down today. Reach us here: {link}
      {provider} joins our office at {location}. Read: {link}
      {provider} leaves our practice on {date}. Read: {link}
      parking is closed this week. Where to park: {link}
      we open a new office on {date}: {location}. See: {link}
      happy holidays from all of us. Our hours: {link}`,
  }),
  ...wordings("es", {
    scheduling: `
      su cita con {provider} es el {date} a las {time}. Detalles: {link}
      su cita en {location} es el {date}. Vea: {link}
      haga su proxima cita en este enlace: {link}
      hay una hora antes, el {date}. Tome la hora: {link}
      su cita del {date} fue cancelada. Elija otra hora: {link}
      tuvimos que cambiar su cita. Elija otro dia: {link}
      su cita por video empieza a las {time}. Entre: {link}
      este es el enlace de su cita por video: {link}
      por favor registrese en linea antes de su cita: {link}
      su cita sera en {location}. Mapa: {link}
      {provider} va 20 minutos tarde hoy. Vea: {link}
      usted esta en la lista de espera. Para salir de ella: {link}
      como llegar y donde estacionar: {link}
      lo sentimos, no pudimos verle el {date}. Otra hora: {link}
      que debe traer a su cita: {link}
      por favor llegue 15 minutos antes. Mas: {link}`,
    portal: `
      tiene un mensaje nuevo de la oficina. Lea: {link}
      {provider} le mando un mensaje. Lea: {link}
      su carta esta lista. Vea: {link}
      un documento nuevo le espera: {link}
      sus resultados estan listos. Vea: {link}
      por favor firme un formulario antes del {date}: {link}
      nos falta su firma en una hoja: {link}
      el formulario de la escuela esta listo: {link}
      recibimos sus papeles. Gracias. Vea: {link}
      mande una foto de su tarjeta de seguro: {link}
      su pedido de documentos esta listo. Archivo: {link}
      por favor cambie su direccion o telefono aqui: {link}
      su respuesta le espera en el portal: {link}
      tenemos una pregunta sobre su formulario: {link}`,
    billing: `
      su factura esta lista. Vea: {link}
      su estado de cuenta esta en linea: {link}
      puede pagar su saldo aqui: {link}
      recibimos su pago. Recibo: {link}
      su pago no paso. Vea: {link}
      cambio su seguro? Escriba los datos aqui: {link}
      su plan de pagos esta listo. Vea: {link}`,
    pharmacy: `
      su pedido esta listo en {pharmacy}. Vea: {link}
      puede recoger su pedido en {pharmacy} hasta el {date}: {link}
      recibimos su pedido para la farmacia. Vea: {link}
      elija la farmacia para sus pedidos aqui: {link}`,
    survey: `
      como fue su visita? Responda en dos minutos: {link}
      por favor conteste nuestra encuesta: {link}
      gracias por venir. Denos su opinion: {link}`,
    announcement: `
      cerramos el {date}. Horario: {link}
      la oficina abre tarde el {date} por la nieve. Vea: {link}
      nos mudamos a {location}. Direccion nueva: {link}
      tenemos un horario nuevo. Vea: {link}
      los telefonos no sirven hoy. Escriba aqui: {link}
      {provider} empieza en la oficina de {location}. Lea: {link}
      {provider} ya no trabaja aqui desde el {date}. Lea: {link}
      no hay estacionamiento esta semana. Vea: {link}
      felices fiestas de todos nosotros. Horario: {link}`,
  }),
  ...wordings("en", {
    scheduling: `
      your appointment with {provider} was moved to {date} at {time}. Details: {link}
      we can see you sooner. Choose a time: {link}
      please tell us if you need an interpreter: {link}
      ask for a new time here: {link}
      your online check-in is open until {time}: {link}
      test your camera before your video visit: {link}
      the front door is locked. How to get in: {link}
      we are ready for you. Come in through the main entrance. {link}`,
    portal: `
      your portal account is ready. Set it up: {link}
      somebody sent you a file: {link}
      please fill in the missing page: {link}
      we could not read your photo. Send a new one: {link}
      your privacy notice has changed. Read: {link}
      your copy of the consent form is here: {link}
      our staff replied to your question: {link}`,
    billing: `
      your insurance company asked for a new form: {link}
      we sent you a refund letter: {link}
      your cost estimate is ready: {link}
      set up automatic payments here: {link}
      your receipt for the year is ready: {link}`,
    pharmacy: `
      your order has been sent to {pharmacy}. Track it: {link}
      {pharmacy} closes early on {date}. Pick-up hours: {link}`,
    survey: `
      two questions about your visit on {date}: {link}
      help us improve. Answer five questions: {link}`,
    announcement: `
      our front desk has a new phone number: {link}
      roads are bad today. Check if we are open: {link}
      meet our new office manager: {link}
      our office at {location} is closing for good. Read: {link}
      the elevator is out of order this week: {link}
      the power is out at {location}. We call you to rebook. {link}`,
  }),
  ...wordings("es", {
    scheduling: `
      su cita con {provider} paso al {date} a las {time}. Detalles: {link}
      podemos verle antes. Elija la hora: {link}
      diganos si necesita interprete: {link}
      pida otra hora aqui: {link}
      pruebe su camara antes de la cita por video: {link}
      la puerta principal esta cerrada. Como entrar: {link}`,
    portal: `
      su cuenta del portal esta lista. Empiece aqui: {link}
      alguien le mando un archivo: {link}
      por favor llene la pagina que falta: {link}
      no pudimos leer su foto. Mande otra: {link}
      cambio el aviso de privacidad. Lea: {link}
      aqui esta la copia de su consentimiento: {link}`,
    billing: `
      su seguro pide un formulario nuevo: {link}
      le mandamos una carta sobre su reembolso: {link}
      active los pagos automaticos aqui: {link}`,
    pharmacy: `
      mandamos su pedido a {pharmacy}. Vea: {link}
      {pharmacy} cierra temprano el {date}. Horario: {link}`,
    survey: `
      dos preguntas sobre su visita del {date}: {link}
      ayudenos a mejorar. Cinco preguntas: {link}`,
    announcement: `
      la recepcion tiene un telefono nuevo: {link}
      el camino esta malo hoy. Vea si abrimos: {link}
      conozca al nuevo gerente de la oficina: {link}
      la oficina de {location} cierra para siempre. Lea: {link}
      el elevador no sirve esta semana: {link}
      no hay luz en {location}. Le llamamos para otra hora. {link}`,
  }),
  ...wordings("en", {
    scheduling: `
      your visit on {date} is confirmed. Directions: {link}
      we have an opening on {date}. Book it here: {link}
      you asked us to call. Pick a time: {link}
      your 2 visits on {date} are at {location}. See: {link}
      fill in your forms before your visit: {link}
      your visit is now by phone. Details: {link}
      your visit ends the waiting. Check in: {link}
      parking at {location} is in the back. Map: {link}`,
    portal: `
      your doctor wrote to you. Read it here: {link}
      you have three unread messages. Read: {link}
      the letter for your employer is ready: {link}
      your signed form came in. Thank you. See: {link}
      the office added a note for you: {link}
      your request was denied. See why: {link}`,
    billing: `
      your account has a credit. See: {link}
      your card was declined. Use another: {link}
      your insurance plan ended. Give us the new one: {link}`,
    pharmacy: `
      we sent your refill to {pharmacy}. See: {link}`,
    survey: `
      we would like to hear from you: {link}
      did we answer all your questions? Tell us: {link}`,
    announcement: `
      we now open at 7 AM on Saturdays. See: {link}
      {location} is closed for painting. See: {link}
      we stop taking fax orders on {date}. Read: {link}`,
  }),
  ...wordings("es", {
    scheduling: `
      su cita del {date} esta confirmada. Como llegar: {link}
      hay un espacio el {date}. Aparte su hora: {link}
      su cita ahora es por telefono. Detalles: {link}
      llene sus formularios antes de la cita: {link}`,
    portal: `
      su doctora le escribio. Lea aqui: {link}
      tiene tres mensajes sin leer. Vea: {link}
      la carta para su trabajo esta lista: {link}
      no aceptamos su pedido de papeles. Vea por que: {link}`,
    billing: `
      su tarjeta no paso. Use otra: {link}
      su cuenta tiene un credito. Vea: {link}`,
    pharmacy: `
      mandamos la receta a {pharmacy}. Vea: {link}`,
    survey: `
      queremos saber su opinion: {link}`,
    announcement: `
      ahora abrimos los sabados a las 7. Vea: {link}
      pintamos la oficina de {location}. Cerramos el {date}. Vea: {link}`,
  }),
];

/** Each tells of a condition, a treatment or a kind of care, or prepares for one. */
export const CLINICAL: readonly Wording[] = [
  ...wordings("en", {
    scheduling: `
      do not eat before your visit on {date}. {link}
      please do not drink after midnight: {link}
      nothing by mouth before your visit: {link}
      come with an empty stomach on {date}: {link}
      please fast for 12 hours before your visit: {link}
      only water before your visit on {date}: {link}
      skip breakfast on {date}: {link}
      wear loose clothes to your visit: {link}
      wear short sleeves on {date}: {link}
      wear sneakers to your visit: {link}
      please wash with the special soap: {link}
      bring your urine sample on {date}: {link}
      bring your first sample of the morning: {link}
      bring someone who can drive you home: {link}
      no makeup or lotion on {date}: {link}
      stop your pills 5 days before your visit: {link}
      take your pills before you come: {link}
      remove all jewelry before your visit: {link}
      come with a full bladder: {link}
      your baby visit is on {date}. {link}
      your well child visit is on {date}. {link}
      your Tuesday group moved to {date}. {link}
      your group meets at {time}. {link}
      your injection visit is on {date}. {link}
      time for your next shot: {link}
      your screening visit is {date}. {link}
      your 6 week visit is on {date}. {link}
      your 12 month visit is due: {link}
      your pap visit is on {date}: {link}
      your scan is on {date} at {time}: {link}
      your couples visit is on {date}: {link}
      your women's visit is on {date}: {link}
      your prenatal visit is on {date}: {link}
      your wound check is on {date}: {link}
      your foot visit is on {date}: {link}
      your heart doctor is {provider}: {link}
      your skin check is due: {link}
      your counselor will see you on {date}: {link}
      your therapist moved your time: {link}
      your recovery meeting is on {date}: {link}
      your visit for weight loss is {date}: {link}
      your sleep study is on {date}: {link}
      your infusion chair is ready at {time}: {link}
      your transplant team sees you on {date}: {link}
      the eye surgeon sees you on {date}: {link}
      bring your inhaler to your visit: {link}
      bring your sugar log to your visit: {link}
      your hearing aid is ready: {link}
      your brace is ready: {link}
      your baby’s visit is on {date}: {link}
      your b a b y visit is on {date}: {link}
      your ba\u200bby visit is on {date}: {link}
      your b4by visit is on {date}: {link}
      your bаby visit is on {date}: {link}
      your b-a-b-y visit is on {date}: {link}
      your in.jec.tion is on {date}: {link}
      your 1njection is on {date}: {link}
      your ΗΙV visit is on {date}: {link}
      your d i a l y s i s is on {date}: {link}
      your onc0logy visit is on {date}: {link}
      your refill is ready at {pharmacy}. {link}
      your test results are in: {link}
      your blood results are ready: {link}`,
    portal: `
      your blood test is ready: {link}
      your biopsy result is ready: {link}
      your result is normal: {link}
      your results look good: {link}
      your results need a second look: {link}
      your result is high: {link}
      your pregnancy result is ready: {link}
      your care plan for sugar is ready: {link}
      your refill is ready: {link}
      your diet plan is ready: {link}
      your therapy notes are ready: {link}
      your lung photo is ready: {link}`,
    billing: `
      your bill for the surgery is ready: {link}
      you owe for your lab work: {link}
      your balance for the baby visit: {link}
      your bill from the cancer office: {link}`,
    pharmacy: `
      your insulin is ready at {pharmacy}: {link}
      your pain pills are ready: {link}
      your birth control is ready: {link}
      your patch is ready at {pharmacy}: {link}`,
    survey: `
      how is your pain today? {link}
      how did you sleep this week? {link}
      did you feel sad this week? {link}`,
    announcement: `
      our diabetes class is on {date}: {link}
      your quit smoking group starts {date}: {link}`,
  }),
  ...wordings("es", {
    scheduling: `
      no coma antes de su cita del {date}. {link}
      no coma ni beba despues de medianoche: {link}
      no desayune el {date}: {link}
      venga en ayunas el {date}: {link}
      solo agua antes de su cita: {link}
      venga con el estomago vacio: {link}
      use ropa comoda el {date}: {link}
      use ropa suelta para su cita: {link}
      traiga su muestra de orina: {link}
      traiga la muestra de la manana: {link}
      venga con alguien que maneje: {link}
      no tome sus pastillas antes de la cita: {link}
      quitese las joyas antes de la cita: {link}
      la cita de su bebe es el {date}: {link}
      su grupo del martes cambia al {date}: {link}
      su grupo se junta a las {time}: {link}
      su inyeccion es el {date}: {link}
      le toca su proxima vacuna: {link}
      su cita de las 6 semanas es el {date}: {link}
      su papanicolau es el {date}: {link}
      su cita de pareja es el {date}: {link}
      su cita prenatal es el {date}: {link}
      la cita del corazon es el {date}: {link}
      su consejera le espera el {date}: {link}
      su terapia cambia al {date}: {link}
      su cirujano le espera el {date}: {link}
      traiga su inhalador a la cita: {link}
      su aparato del oido esta listo: {link}
      su cita de b e b e es el {date}: {link}
      su cita del b3b3 es el {date}: {link}
      su surtido esta listo en {pharmacy}: {link}
      sus resultados de la prueba llegaron: {link}`,
    portal: `
      su analisis de sangre esta listo: {link}
      su resultado es normal: {link}
      su resultado salio alto: {link}
      sus resultados salieron bien: {link}
      su resultado de la biopsia esta listo: {link}
      su dieta esta lista: {link}`,
    billing: `
      su factura de la cirugia esta lista: {link}
      su cuenta del laboratorio esta lista: {link}`,
    pharmacy: `
      su insulina esta lista en {pharmacy}: {link}
      sus pastillas para el dolor estan listas: {link}`,
    survey: `
      como sigue su dolor? {link}
      ha dormido bien esta semana? {link}`,
    announcement: `
      la clase de diabetes es el {date}: {link}
      su grupo para dejar de fumar empieza el {date}: {link}`,
  }),
  ...wordings("en", {
    scheduling: `
      take two before your visit on {date}: {link}
      stop using it five days before your visit: {link}
      your screening is on {date}: {link}
      your filling is on {date}: {link}
      your hearing is set for {date}: {link}
      bring someone with you on {date}: {link}
      your due date is {date}: {link}
      are you expecting? {link}
      your school visit is on {date}: {link}
      your back visit is on {date}: {link}
      your side visit is on {date}: {link}
      your kids visit is on {date}: {link}
      your visit with the specialist is on {date}: {link}
      your women only visit is {date}: {link}
      your appointment at the bone center is {date}: {link}
      your knee is scheduled for {date}: {link}
      your procedure moved to {date}: {link}
      your treatment starts {date}: {link}
      your checkup for two is {date}: {link}
      your session is on {date}: {link}
      your program starts {date}: {link}
      meet your coach on {date}: {link}
      you are due for your yearly visit: {link}
      your annual visit is due: {link}
      time for your three month visit: {link}
      your week 12 visit is on {date}: {link}
      your t e s t is on {date}: {link}
      your sc reen is on {date}: {link}
      your {date}chemo is at {time}: {link}
      your che{date}mo: {link}
      your COLONOSCOPY is on {date}: {link}
      your p.a.p is on {date}: {link}
      your v1sit for d1abetes: {link}`,
    portal: `
      your numbers are ready: {link}
      we have bad news about your results: {link}
      your results came back late and need work: {link}
      your images are ready: {link}
      your levels are ready: {link}
      your report from the lab is ready: {link}
      your partner has a result: {link}`,
    pharmacy: `
      your ring is ready at {pharmacy}: {link}
      your pen is ready at {pharmacy}: {link}
      your machine is ready: {link}`,
    billing: `
      your bill for the delivery room: {link}`,
    survey: `
      did the new pills help? {link}
      are you still smoking? {link}`,
    announcement: `
      our new weight class starts {date}: {link}
      free flu shots on {date}: {link}`,
  }),
  ...wordings("es", {
    scheduling: `
      tome dos antes de su cita: {link}
      deje de usarlo cinco dias antes de su cita: {link}
      venga con alguien el {date}: {link}
      su tamizaje es el {date}: {link}
      su examen es el {date}: {link}
      su tratamiento empieza el {date}: {link}
      su operacion es el {date}: {link}
      su cita del nino es el {date}: {link}
      su cita de la espalda es el {date}: {link}
      su cita anual es el {date}: {link}
      su cita con el especialista es el {date}: {link}
      su sesion es el {date}: {link}
      su bebe tiene cita el {date}: {link}
      su cita para dar a luz es el {date}: {link}`,
    portal: `
      sus numeros estan listos: {link}
      malas noticias sobre sus resultados: {link}
      su examen de laboratorio esta listo: {link}
      sus imagenes estan listas: {link}`,
    pharmacy: `
      su anillo esta listo en {pharmacy}: {link}`,
    survey: `
      todavia fuma? {link}`,
    announcement: `
      vacunas gratis el {date}: {link}`,
  }),
];
